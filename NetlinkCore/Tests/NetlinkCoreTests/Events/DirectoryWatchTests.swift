// SPDX-License-Identifier: Apache-2.0

import Testing

@_spi(System) @testable import NetlinkCore

@Suite("Directory watches") struct DirectoryWatchTests {
    private func event(_ directory: Int32, _ mask: UInt32, _ name: String, padded: Int) -> [UInt8] {
        var writer = MessageWriter()
        writer.append(directory)
        writer.append(mask)
        writer.append(UInt32(0))
        writer.append(UInt32(padded))
        let name = Array(name.utf8)
        writer.append(name.rawSpan)
        writer.append(zeros: padded - name.count)
        return writer.bytes.array
    }

    @Test("events are read one behind the other, names without their padding") func several() {
        let bytes =
            event(1, 0x100, "blue", padded: 16) + event(1, 0x8000, "", padded: 0) + event(-1, 0x4000, "", padded: 0)
        let events = DirectoryWatch.events(bytes)
        #expect(events.map(\.name) == [Array("blue".utf8), [], []])
        #expect(events[0].isCreation && !events[0].isDeletion && events[1].isEnd && events[2].isOverflow)
    }

    @Test("every truncation ends the row before what is cut") func truncation() {
        let bytes = event(1, 0x100, "blue", padded: 16) + event(1, 0x200, "red", padded: 16)
        for count in 0..<bytes.count {
            #expect(DirectoryWatch.events(Array(bytes.prefix(count))).count == (count < 32 ? 0 : 1))
        }
    }

    @Test("a length beyond the end is not believed") func hostile() {
        #expect(DirectoryWatch.events([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255]).isEmpty)
    }

    @Test("files that come and go in a folder are told") func folder() throws {
        let watch = try DirectoryWatch()
        let time = timeOfDay()
        let path = "/tmp/netlink-watch-\(time.seconds)-\(time.nanoseconds)"
        #expect(try makeDirectory(path))
        let number = try watch.add(path)
        try createMarker("\(path)/a")
        try removeFile("\(path)/a")
        try removeEmptyDirectory(path)
        var told: [String] = []
        while let event = try watch.next() {
            #expect(event.directory == number)
            told.append(
                "\(event.isCreation ? "+" : event.isDeletion ? "-" : event.isEnd ? "." : "?")\(event.name.count)")
        }
        #expect(told == ["+1", "-1", "?0", ".0"])
    }
}
