// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore
import Testing

/// The error that the body throws; a failure of the test when it throws none.
func netlinkError<T>(
    _ body: () throws(NetlinkError) -> T, sourceLocation: SourceLocation = #_sourceLocation
) -> NetlinkError? {
    do throws(NetlinkError) {
        _ = try body()
        Issue.record("no error was thrown", sourceLocation: sourceLocation)
        return nil
    } catch {
        return error
    }
}

/// The error that the body throws; a failure of the test when it throws none.
func decodeError<T>(
    _ body: () throws(DecodeError) -> T, sourceLocation: SourceLocation = #_sourceLocation
) -> DecodeError? {
    do throws(DecodeError) {
        _ = try body()
        Issue.record("no error was thrown", sourceLocation: sourceLocation)
        return nil
    } catch {
        return error
    }
}

/// How long the body took.
func measured(_ body: () -> Void) -> Duration {
    let start = Instant.now
    body()
    return Instant.now.since(start)
}

/// Bytes written as hexadecimal numbers with spaces, as captures are printed.
func hex(_ text: String) -> [UInt8] {
    text.split(whereSeparator: \.isWhitespace).compactMap { UInt8($0, radix: 16) }
}

/// A value shared between a test and closures that run elsewhere.
final class Shared<Value: Sendable>: Sendable {
    private let lock: Lock<Value>
    init(_ value: Value) { lock = Lock(value) }
    var value: Value { lock.withLock { $0 } }
    func change(_ body: (inout Value) -> Void) { lock.withLock { body(&$0) } }
}
