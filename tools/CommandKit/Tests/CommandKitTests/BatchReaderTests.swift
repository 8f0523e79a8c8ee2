// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CommandKit

/// Expected lines: what `ip -b FILE` of iproute2 6.15 executes.
struct BatchReaderTests {
    private func lines(_ text: String) throws(CommandError) -> [String] {
        var reader = BatchReader(bytes: Array(text.utf8))
        var lines: [String] = []
        while var words = try reader.next() {
            var line = "\(reader.line)"
            while let word = words.next() { line += " <\(word)>" }
            lines.append(line)
        }
        return lines
    }

    @Test(arguments: [
        ("", []), ("\n\n   \n\t\n# comment\n  # indented\nlink show lo # trailing\n", ["7 <link> <show> <lo>"]),
        ("link show lo#x\n", ["1 <link> <show> <lo>"]), ("link show \"lo\"\n", ["1 <link> <show> <lo>"]),
        ("alias \"a b\" 'c d'\n", ["1 <alias> <a b> <c d>"]), ("a\"b c\"d\n", ["1 <a\"b> <c\"d>"]),
        ("\"lo\"x\n", ["1 <lo> <x>"]),
        ("\"\"\n", ["1 <>"]), ("'a\"b'\n", ["1 <a\"b>"]), ("a\\ b\n", ["1 <a\\> <b>"]),
        ("link show \\\nlo\n", ["2 <link> <show> <lo>"]),
        ("link sh\\\now lo\n", ["2 <link> <show> <lo>"]),
        ("link show \\\n# comment\nlo\n", ["2 <link> <show>", "3 <lo>"]),
        ("link show \\\n\\\nlo\n", ["3 <link> <show> <lo>"]), ("link show lo\\", ["1 <link> <show> <lo\\>"]),
        ("link show lo\\\n", []), ("lo \\ \nd0\n", ["1 <lo> <\\>", "2 <d0>"]),
        ("link show # c \\\nlo\n", ["1 <link> <show>", "2 <lo>"]),
        ("lo\r\nd0", ["1 <lo>", "2 <d0>"]), ("a;b\n", ["1 <a;b>"]),
        ("   link    show\t\tlo   \n", ["1 <link> <show> <lo>"]),
        ("link\u{0b}show\u{0c}lo\n", ["1 <link\u{0b}show\u{0c}lo>"]),
        ("link show lo\u{0}junk\nd0\n", ["1 <link> <show> <lo>", "2 <d0>"]),
        ("\u{feff}link\n", ["1 <\u{feff}link>"]), ("a \\\nb # c \\\nd\n", ["2 <a> <b>", "3 <d>"]),
        ("\\\n\\\n\nx\n", ["4 <x>"]),
    ])
    func linesBecomeWords(text: String, expected: [String]) throws {
        #expect(try lines(text) == expected)
    }

    @Test(arguments: [
        "a \"unclosed\nb\n", "alias \"a # b\"\n", "'a\u{0}'\n", "x 'a\"\n", "\"",
    ])
    func unterminatedQuotesEndTheBatch(text: String) {
        let error = refusal { () throws(CommandError) in _ = try lines(text) }
        #expect(error == CommandError("Unterminated quoted string", status: 1, endsBatch: true))
    }

    @Test func tooManyWordsEndTheBatch() throws {
        #expect(try lines(String(repeating: "x ", count: 510)).count == 1)
        let error = refusal { () throws(CommandError) in _ = try lines(String(repeating: "x ", count: 511)) }
        #expect(error == CommandError("Too many arguments to command", status: 1, endsBatch: true))
    }

    @Test(arguments: [1, 2, 3, 5, 7, 16, 64, 65536])
    func filesAreReadInPieces(size: Int) throws {
        var reader = try BatchReader(Word(fixture("batch/mixed")), chunkSize: size)
        var lines: [String] = []
        var words = Words([])
        while try reader.next(into: &words) {
            var line = "\(reader.line)"
            while let word = words.next() { line += " <\(word)>" }
            lines.append(line)
        }
        #expect(
            lines == [
                "1 <link> <show> <lo>", "5 <link> <set> <d0> <alias> <a b>", "7 <link> <show> <lo>", "9 <link> <show>",
                "10 <lo>",
                "11 <link> <show> <lo> <a\"b>", "12 <last>",
            ])
        let name = fixture("batch/mixed")
        #expect(reader.failure == CommandError("Command failed \(name):12", status: 1))
    }

    @Test func wordsOutliveTheirLine() throws {
        var reader = BatchReader(bytes: Array("one two\nthree\n".utf8))
        var kept: [Word] = []
        var words = Words([])
        while try reader.next(into: &words) {
            while let word = words.next() { kept.append(word) }
        }
        #expect(kept.map(\.string) == ["one", "two", "three"])
    }

    @Test func filesThatCannotBeReadAreNamed() {
        let error = refusal { () throws(CommandError) in _ = try BatchReader(Word("/nonexist")) }
        #expect(
            error == CommandError("Cannot open file \"/nonexist\" for reading: No such file or directory", status: 1))
        let zero = refusal { () throws(CommandError) in _ = try BatchReader(Word("a\u{0}b")) }
        #expect(zero?.status == 1)
    }

    @Test func foldersAreEmptyBatches() throws {
        // ip -b /tmp: exit status 0
        var reader = try BatchReader(Word(fixture("batch")))
        let words = try reader.next()
        #expect(words == nil)
    }

    @Test func noBytesTrap() {
        var state: UInt64 = 7
        let letters = Array("ab \\\\\n\n\"'#\t\r\u{0}é".utf8)
        for _ in 0..<5000 {
            var bytes: [UInt8] = []
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            for _ in 0..<Int(state >> 58) {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes.append(letters[Int(state >> 33) % letters.count])
            }
            // The last line may ask for one more on standard error: not here.
            while bytes.last == 0x0a || bytes.last == 0x5c { bytes.removeLast() }
            var reader = BatchReader(bytes: bytes)
            do throws(CommandError) {
                while let words = try reader.next() { #expect(!words.isEmpty) }
            } catch {
                #expect(error.endsBatch)
            }
            #expect(reader.line <= bytes.count + 1)
        }
    }
}
