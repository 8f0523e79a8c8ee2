// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@testable import NetlinkCore

/// How a request ended.
enum Ending: Equatable, CustomStringConvertible {
    case success
    case failure(NetlinkError.Code)

    init(_ error: NetlinkError?) { self = error.map { .failure($0.code) } ?? .success }
    var description: String {
        switch self {
        case .success: "success"
        case .failure(let code): "\(code.rawValue)"
        }
    }
}

extension HostileScript {
    static let forItems = all + objects(of: ItemFamily.newItem, after: 8)

    /// Batches wait for acknowledgements and take nothing else for the end.
    var batchEnding: Ending? {
        name.hasPrefix("done") || name.hasPrefix("an interrupted dump")
            ? .failure(.timedOut) : Self.endings[name]?.command
    }

    /// How a command and a dump must end under each script.
    static let endings: [String: (command: Ending, dump: Ending)] = {
        let malformed = Ending.failure(.malformedReply)
        let late = Ending.failure(.timedOut)
        let invalid = Ending.failure(.invalidArgument)
        return [
            "an empty datagram, then silence": (late, late), "a single byte": (malformed, malformed),
            "fifteen bytes": (malformed, malformed),
            // Headers that are somebody else's.
            "zeros": (late, late), "ones": (late, late), "a counting pattern": (late, late),
            "a datagram that did not fit": (.failure(.messageTooLong), .failure(.messageTooLong)),
            "an overrun": (.failure(.overrun), .failure(.overrun)),
            "failure to receive": (.failure(.inputOutput), .failure(.inputOutput)),
            "failure to send": (.failure(.notPermitted), .failure(.notPermitted)),
            "silence": (late, late), "readiness without data, then silence": (late, late),
            "empty datagrams without end": (late, late), "length zero": (malformed, malformed),
            "length shorter than a header": (malformed, malformed),
            "length beyond the datagram": (malformed, malformed), "the greatest length": (malformed, malformed),
            "a length whose rounding overflows": (malformed, malformed),
            "an object, then a cut header": (malformed, malformed),
            "the end, then garbage in the same datagram": (.success, .success),
            "foreign sequence numbers without end": (late, late), "foreign port ids without end": (late, late),
            "notifications without end": (late, late), "foreign objects without end": (late, late),
            "idle messages without end": (late, late),
            "own notifications without end": (late, .success),
            "an error without payload": (malformed, malformed), "an error with half a number": (malformed, malformed),
            "an error without the request's header": (malformed, malformed),
            "the least error number": (.failure(.init(rawValue: .max)), .failure(.init(rawValue: .max))),
            "a positive error number": (.success, .success),
            "an error number that no kernel has": (
                .failure(.init(rawValue: 70_000)), .failure(.init(rawValue: 70_000))
            ),
            "an error that echoes more than there is": (invalid, invalid),
            "an error that echoes less than a header": (invalid, invalid),
            "an extended acknowledgement of zeros": (invalid, invalid),
            "an extended acknowledgement of ones": (invalid, invalid),
            "an extended acknowledgement with offsets beyond the request": (invalid, invalid),
            "an extended acknowledgement with offsets into the header": (invalid, invalid),
            "an extended acknowledgement whose policy is cut": (invalid, invalid),
            "done without payload": (.success, .success), "done with a cut number": (malformed, malformed),
            "done with an error": (.failure(.noBufferSpace), .failure(.noBufferSpace)),
            "done with garbage behind its number": (invalid, invalid),
            "an interrupted dump, every time": (.success, .failure(.interrupted)),
            "an acknowledgement instead of anything else": (.success, .success),
            "control types that do not exist": (.success, .success),
            "objects with no payload": (.success, malformed), "objects with one byte": (.success, malformed),
            "objects with zeros": (.success, malformed), "objects with ones": (.success, malformed),
            "objects with attributes of length zero": (.success, malformed),
            "objects with attributes longer than the message": (.success, malformed),
            "objects with sixty thousand empty attributes": (.success, malformed),
            "objects with a nest sixteen thousand deep": (.success, .success),
        ]
    }()
}

@Suite("Hostile kernels") struct HostileKernelTests {
    typealias Connection = BlockingConnection<ItemFamily>

    private func honest(_ request: FakeRequest) -> FakeAnswer {
        request.isDump ? request.dump(items(2).map(\.message)) : request.object(Item(1).message)
    }

    @Test("a blocking connection ends as it must, and goes on", arguments: HostileScript.forItems)
    func blocking(script: HostileScript) throws {
        let ending = try #require(HostileScript.endings[script.name])
        for operation in WaitingOperation.all {
            let kernel = script.kernel(count: 1, then: { honest($0) })
            let connection = try Connection(opening: kernel.source, timeout: .milliseconds(20))
            connection.dumpRetries = 0
            let found = Ending(operation.run(connection))
            switch operation.name {
            case "command": #expect(found == ending.command)
            case "batch": #expect(found == script.batchEnding)
            case "query": #expect(found == .success ? ending.command == .success : true, "\(operation.name)")
            default: #expect(found == ending.dump, "\(operation.name)")
            }
            // An endless stream stays in the socket of a command.
            if script.name.hasSuffix("without end") { continue }
            connection.timeout = .seconds(30)
            #expect(operation.run(connection) == nil, "\(operation.name) again")
            #expect(try connection.dump(ListItems()) == items(2))
        }
    }

    @Test("descriptions and traces of what hostile kernels send end", arguments: HostileScript.forItems)
    func observed(script: HostileScript) throws {
        let byteCount = Shared(0)
        let observer = TraceObserver { text in byteCount.change { $0 += text.utf8.count } }
        let connection = try Connection(
            opening: script.kernel().source, timeout: .milliseconds(5), observer: observer)
        _ = try? connection.perform(AddItem(Item(1)))
        #expect(byteCount.value > 0)
    }
}
