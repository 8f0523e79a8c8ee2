// SPDX-License-Identifier: Apache-2.0

import CommandKit
import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport

@testable import TCCommand

/// What a command line did.
struct Outcome {
    var output: String
    var error: String?
    var status: Int32
}

/// Links that the fake kernel has.
private let links: [(name: String, index: Int32)] = [("lo", 1), ("d0", 20), ("d1", 21)]

extension FakeKernel {
    /// A kernel with a few links that lists the objects given by the type of their requests, and takes every change.
    static func answering(_ objects: [UInt16: [FakeMessage]] = [:]) -> FakeKernel {
        FakeKernel { (request: FakeRequest) in
            if request.isDump { return request.dump(objects[request.type] ?? []) }
            guard request.type == RouteMessageType.getLink.rawValue else { return request.acknowledge() }
            guard let link = links.first(where: { isAsked(request, $0) }) else { return request.error(.noDevice) }
            return request.object(.link(link.name, link.index))
        }
    }

    /// The last request that asked for no link.
    var lastChange: FakeRequest? { requests.last { $0.type != RouteMessageType.getLink.rawValue } }
}

// The captures are of a little-endian machine.
private func littleEndian(_ number: UInt32) -> [UInt8] {
    [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
}

/// Whether a request names a link, by its number or by its name.
private func isAsked(_ request: FakeRequest, _ link: (name: String, index: Int32)) -> Bool {
    let number = Array(request.payload.dropFirst(4).prefix(4))  // struct ifinfomsg.ifi_index
    let index = littleEndian(UInt32(bitPattern: link.index))
    let name = Array(link.name.utf8) + [0]
    let rest = Array(request.payload.dropFirst(16))  // sizeof(struct ifinfomsg)
    return number == index || rest.indices.contains { rest[$0...].starts(with: [7, 0, 3, 0] + name) }
}

extension FakeMessage {
    /// A link of Ethernet that is up.
    static func link(_ name: String, _ index: Int32) -> FakeMessage {
        let hardware: UInt16 = name == "lo" ? 772 : 1
        return FakeMessage(type: RouteMessageType.newLink.rawValue) { writer in
            writer.structure(16) { structure in  // sizeof(struct ifinfomsg)
                structure.store(hardware, at: 2)  // struct ifinfomsg.ifi_type
                structure.store(index, at: 4)  // struct ifinfomsg.ifi_index
                structure.store(UInt32(0x1_0043), at: 8)  // struct ifinfomsg.ifi_flags
            }
            let nameNumber: UInt16 = 3  // IFLA_IFNAME
            let addressNumber: UInt16 = 1  // IFLA_ADDRESS
            let mtuNumber: UInt16 = 4  // IFLA_MTU
            writer.put(rawType: nameNumber, Array(name.utf8) + [0])
            writer.put(rawType: addressNumber, [2, 0, 0, 0, 0, UInt8(truncatingIfNeeded: index)])
            writer.put(rawType: mtuNumber, littleEndian(1500))
        }
    }

    /// What a request that adds an object would look like as the kernel's own message.
    init(_ command: some Command<RouteProtocol>) {
        var writer = MessageWriter()
        command.encode(into: &writer)
        self.init(type: command.messageType, payload: writer.bytes.array)
    }
}

/// Runs a command line, words apart by blanks, over a fake kernel.
func tc(_ line: String, _ kernel: FakeKernel = .answering()) -> Outcome {
    var words = Words(line.split(separator: " ").map(String.init))
    do throws(CommandError) {
        let options = try TCOptions.parse(&words)
        let format: Output.Format = options.json ? (options.pretty ? .prettyJSON : .json) : .text
        let output = Output(descriptor: nil, format: format, colors: .none, oneLine: options.oneLine)
        var session = Session(options, output: output, opening: kernel.source)
        var error: CommandError?
        do throws(CommandError) { try session.execute(&words) } catch let thrown { error = thrown }
        let text = String(decoding: session.output.takeBytes(), as: UTF8.self)
        return Outcome(
            output: text, error: error.map { String(decoding: $0.message, as: UTF8.self) }, status: error?.status ?? 0)
    } catch {
        return Outcome(output: "", error: String(decoding: error.message, as: UTF8.self), status: error.status)
    }
}

/// The attributes behind a header, nests among them, in an order that does not depend on that in which they were written.
func sorted(_ payload: [UInt8], after fixed: Int) -> [String] {
    guard payload.count >= fixed else { return ["short"] }
    return [hex(payload.prefix(fixed))] + attributes(Array(payload.dropFirst(fixed))).sorted()
}

private func attributes(_ bytes: [UInt8]) -> [String] {
    var found: [String] = []
    var position = 0
    while position + 4 <= bytes.count {
        let length = Int(bytes[position]) | Int(bytes[position + 1]) << 8
        let type = (Int(bytes[position + 2]) | Int(bytes[position + 3]) << 8) & 0x3fff
        guard length >= 4, position + length <= bytes.count else { return ["malformed \(hex(bytes[...]))"] }
        let value = Array(bytes[(position + 4)..<(position + length)])
        found.append("\(type): \(nest(value) ?? hex(value[...]))")
        position += (length + 3) & ~3
    }
    return found
}

// Whatever reads as attributes to its end is taken for a nest: equal bytes stay equal.
private func nest(_ value: [UInt8]) -> String? {
    guard value.count >= 8, value.count % 4 == 0 else { return nil }
    // The attributes of netem stand behind a structure, which begins with a time in ticks that is not sent.
    if value.count >= 32, value.prefix(4).allSatisfy({ $0 == 0 }) {
        return nest(Array(value.dropFirst(24))).map { "\(hex(value.prefix(24))) \($0)" }
    }
    let inner = attributes(value)
    return inner.contains { $0.hasPrefix("malformed") } ? nil : "{\(inner.sorted().joined(separator: ", "))}"
}

func hex(_ bytes: some Collection<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
