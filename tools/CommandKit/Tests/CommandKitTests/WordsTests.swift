// SPDX-License-Identifier: Apache-2.0

import CommandKit
import Testing

struct WordsTests {
    @Test func wordsComeInOrder() throws {
        var words = Words(["link", "", "show"])
        #expect(words.count == 3)
        #expect(words.peek?.string == "link")
        let first = try words.required()
        #expect(first == "link")
        #expect(words.last == first)
        let second = words.next()
        #expect(second?.isEmpty == true)
        let taken = (words.take("sho"), words.take("show"), words.take("show"))
        #expect(taken == (false, true, false))
        let none = words.next()
        #expect(words.isEmpty && none == nil && words.peek == nil)
        words.position = 1
        #expect(words.count == 2)
        words.position = 100
        #expect(words.isEmpty)
        words.position = -1
        #expect(words.count == 3 && words.last == nil)
        #expect(Words([]).isEmpty)
    }

    /// The error lines and statuses of iproute2 6.15.
    @Test func refusalsReadAsTheReferenceHasThem() {
        func line(_ error: CommandError?, _ text: String, _ status: Int32, ends: Bool) {
            #expect(error?.description == text)
            #expect(error?.status == status)
            #expect(error?.endsBatch == ends)
        }
        var words = Words([])
        line(
            refusal { () throws(CommandError) in _ = try words.required() },
            "Command line is not complete. Try option \"help\"", 255, ends: true)
        words = Words(["x"])
        line(
            refusal { () throws(CommandError) in _ = try words.value(Int32.self, or: "Invalid \"mtu\" value\n") },
            "Error: argument \"x\" is wrong: Invalid \"mtu\" value\n", 255, ends: true)
        words = Words(["On"])
        line(
            refusal { () throws(CommandError) in _ = try words.onOff("arp") },
            "Error: argument of \"arp\" must be \"on\" or \"off\", not \"On\"", 1, ends: false)
        words = Words(["x"])
        line(
            refusal { () throws(CommandError) in _ = try words.oneOf(["off", "on"], "protodown") },
            "Error: argument of \"protodown\" must be one of \"off\", \"on\", not \"x\"", 22, ends: false)
        let word = Word("x")
        line(.missing("loop count"), "Error: argument \"loop count\" is required", 255, ends: true)
        line(.duplicate("mtu", word), "Error: duplicate \"mtu\": \"x\" is the second value.", 255, ends: true)
        line(
            .garbage(word, orDuplicate: "dev"), "Error: either \"dev\" is duplicate, or \"x\" is garbage.", 255,
            ends: true)
        line(
            .notEnough("dev", status: 255, endsBatch: true), "Not enough information: \"dev\" argument is required.",
            255,
            ends: true)
        line(.unknownObject(word), "Object \"x\" is unknown, try \"ip help\".", 1, ends: false)
        line(.unknownOption(Word("-x"), program: "tc"), "Option \"-x\" is unknown, try \"tc -help\".", 255, ends: true)
        line(
            .unknownCommand(word, help: "ip link help"), "Command \"x\" is unknown, try \"ip link help\".", 255,
            ends: true)
        line(
            .unknownArgument(word, help: "ip monitor help"), "Argument \"x\" is unknown, try \"ip monitor help\".", 255,
            ends: true)
        line(.noDevice(word), "Cannot find device \"x\"", 1, ends: false)
        line(.deviceDoesNotExist(word), "Device \"x\" does not exist.", 1, ends: false)
        line(
            .expected("any valid prefix", ratherThan: word), "Error: any valid prefix is expected rather than \"x\".",
            1,
            ends: true)
    }

    @Test func valuesAreTaken() throws {
        var words = Words(["0x10", "on", "off", "on", "7"])
        let number = try words.value(UInt8.self, or: "")
        let flags = (try words.onOff("arp"), try words.onOff("arp"))
        let choice = try words.oneOf(["off", "on"], "protodown")
        let decimal = try words.value(UInt32.self, base: 10, or: "")
        #expect(number == 16 && flags == (true, false) && choice == 1 && decimal == 7)
    }
}
