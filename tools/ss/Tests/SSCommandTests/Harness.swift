// SPDX-License-Identifier: Apache-2.0

import CommandKit
import NetlinkCore
import NetlinkSockDiag
import NetlinkTestSupport

@testable import SSCommand

/// What a command line did.
struct Outcome {
    var output: String
    var error: String?
    var status: Int32
    var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }
}

extension FakeKernel {
    /// A kernel that lists these messages to requests for a family and protocol, and nothing to others.
    static func listing(_ messages: [UInt8: [[UInt8]]], ipProtocol: UInt8? = nil) -> FakeKernel {
        FakeKernel { request in
            // The older request is for TCP of both families, and its answers have its type.
            let isOlder = request.type == 18  // TCPDIAG_GETSOCK
            let asked = isOlder ? 6 : request.payload[1]
            let families: [UInt8] = isOlder ? [2, 10] : [request.payload[0]]
            let isMeant = ipProtocol == nil || asked == ipProtocol
            return request.dump(
                (isMeant ? families.flatMap { messages[$0] ?? [] } : []).map {
                    FakeMessage(type: request.type, payload: $0)
                })
        }
    }

    /// A kernel without sockets.
    static var empty: FakeKernel { .listing([:]) }
}

/// Runs a command line over a fake kernel; on a terminal of some width, or none.
func ss(_ arguments: [String], _ kernel: FakeKernel = .empty, width: Int? = nil) -> Outcome {
    do throws(SSOptions.Exit) {
        let options = try SSOptions(arguments, program: "ss")
        let names = SocketNames(isNumeric: options.isNumeric, resolvesHosts: options.resolvesHosts)
        var selection = try Selection(options)
        try selection.complete(options, names)
        let listing = Listing(options, names, selection, screenWidth: width, descriptor: nil)
        guard let connection = try? BlockingSockDiagConnection(opening: kernel.source) else {
            return Outcome(output: "", error: "no connection", status: -1)
        }
        let status = try Dumps(listing, connection).run()
        _ = listing.finish()
        return Outcome(output: String(decoding: listing.takeBytes(), as: UTF8.self), error: nil, status: status)
    } catch {
        switch error {
        case .usage(let status, let error): return Outcome(output: "usage", error: error?.description, status: status)
        case .version: return Outcome(output: "version", error: nil, status: 0)
        case .failure(let error): return Outcome(output: "", error: error.description, status: error.status)
        }
    }
}

func ss(_ line: String, _ kernel: FakeKernel = .empty, width: Int? = nil) -> Outcome {
    ss(line.split(separator: " ").map(String.init), kernel, width: width)
}

/// Bytes of hexadecimal digits; anything else between them is left out.
func bytes(_ digits: String) -> [UInt8] {
    let values = digits.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue.map { UInt8($0) } }
    return stride(from: 0, to: values.count - 1, by: 2).map { values[$0] << 4 | values[$0 + 1] }
}

/// A Unix socket as the kernel tells of it.
func unixSocket(_ name: [UInt8], inode: UInt32 = 77, state: UInt8 = 10) -> [UInt8] {
    var writer = MessageWriter()
    writer.structure(16) { structure in  // sizeof(struct unix_diag_msg)
        structure.store(UInt8(1), at: 0)  // struct unix_diag_msg.udiag_family
        structure.store(UInt8(1), at: 1)  // struct unix_diag_msg.udiag_type
        structure.store(state, at: 2)  // struct unix_diag_msg.udiag_state
        structure.store(inode, at: 4)  // struct unix_diag_msg.udiag_ino
    }
    let number: UInt16 = 0  // UNIX_DIAG_NAME
    writer.put(rawType: number, name)
    return writer.bytes.array
}

/// A TCP socket over IPv4 as the kernel tells of it.
func tcpSocket(_ port: UInt16, to remote: UInt16 = 0, state: UInt8 = 10, inode: UInt32 = 0) -> [UInt8] {
    var writer = MessageWriter()
    writer.structure(72) { structure in  // sizeof(struct inet_diag_msg)
        structure.store(UInt8(2), at: 0)  // struct inet_diag_msg.idiag_family
        structure.store(state, at: 1)  // struct inet_diag_msg.idiag_state
        structure.store(port.bigEndian, at: 4)  // struct inet_diag_msg.id.idiag_sport
        structure.store(remote.bigEndian, at: 6)  // struct inet_diag_msg.id.idiag_dport
        structure.store(UInt32(0x7f00_0001).bigEndian, at: 8)  // struct inet_diag_msg.id.idiag_src
        if remote != 0 {
            structure.store(UInt32(0x7f00_0001).bigEndian, at: 24)  // struct inet_diag_msg.id.idiag_dst
        }
        structure.store(inode, at: 68)  // struct inet_diag_msg.idiag_inode
    }
    return writer.bytes.array
}
