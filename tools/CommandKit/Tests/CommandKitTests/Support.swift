// SPDX-License-Identifier: Apache-2.0

import CommandKit

/// The path of a file beside the tests.
func fixture(_ name: String, file: String = #filePath) -> String {
    file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/Fixtures/" + name
}

/// What a description prints, as text.
func printed(
    _ format: Output.Format = .text, colors: ColorScheme = .none, oneLine: Bool = false, _ body: (inout Output) -> Void
) -> String {
    var output = Output(descriptor: nil, format: format, colors: colors, oneLine: oneLine)
    body(&output)
    return String(decoding: output.takeBytes(), as: UTF8.self)
}

/// What a value writes.
func text(_ value: some TextWritable) -> String {
    var bytes: [UInt8] = []
    value.write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
}

/// The error that a command line is refused with.
func refusal(_ body: () throws(CommandError) -> Void) -> CommandError? {
    do throws(CommandError) {
        try body()
        return nil
    } catch {
        return error
    }
}
