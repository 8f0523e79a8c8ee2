// SPDX-License-Identifier: Apache-2.0

import CommandKit
import Testing

struct OutputTests {
    /// One route, described as `ip route` needs it.
    private func route(_ output: inout Output) {
        output.beginArray()
        output.beginObject()
        output.string("dst", "10.2.0.0/16", suffix: " ", color: .inet)
        output.beginArray("flags")
        output.endArray()
        output.beginArray("nexthops")
        for (gateway, weight) in [("10.0.0.2", 2), ("10.0.0.3", 1)] {
            output.beginObject()
            output.newline()
            output.string("gateway", gateway, prefix: "\tnexthop via ", suffix: " ", color: .inet)
            output.string("dev", "veth0", prefix: "dev ", suffix: " ")
            output.number("weight", weight, prefix: "weight ", suffix: " ")
            output.beginArray("flags")
            output.endArray()
            output.endObject()
        }
        output.endArray()
        output.endObject()
        output.endLine()
        output.endArray()
    }

    @Test func textIsWhatTheReferencePrints() {
        // ip route, iproute2 6.15 on Linux 7.2
        let expected =
            "10.2.0.0/16 \n\tnexthop via 10.0.0.2 dev veth0 weight 2 \n\tnexthop via 10.0.0.3 dev veth0 weight 1 \n"
        #expect(printed { route(&$0) } == expected)
        // ip -o route
        let oneLine =
            "10.2.0.0/16 \\\tnexthop via 10.0.0.2 dev veth0 weight 2 \\\tnexthop via 10.0.0.3 dev veth0 weight 1 \n"
        #expect(printed(oneLine: true) { route(&$0) } == oneLine)
        // ip -c route
        let colored =
            "\u{1b}[35m10.2.0.0/16 \u{1b}[0m\n\tnexthop via \u{1b}[35m10.0.0.2 \u{1b}[0mdev veth0 weight 2 \n"
            + "\tnexthop via \u{1b}[35m10.0.0.3 \u{1b}[0mdev veth0 weight 1 \n"
        #expect(printed(colors: .plain) { route(&$0) } == colored)
    }

    @Test func jsonIsWhatTheReferencePrints() {
        // ip -j route
        let expected =
            #"[{"dst":"10.2.0.0/16","flags":[],"nexthops":[{"gateway":"10.0.0.2","dev":"veth0","weight":2,"flags":[]},"#
            + #"{"gateway":"10.0.0.3","dev":"veth0","weight":1,"flags":[]}]}]"# + "\n"
        #expect(printed(.json) { route(&$0) } == expected)
        #expect(printed(.json, colors: .bright, oneLine: true) { route(&$0) } == expected)
    }

    @Test func indentedJSONIsWhatTheReferencePrints() {
        // ip -j -p route
        let expected = """
            [ {
                    "dst": "10.2.0.0/16",
                    "flags": [ ],
                    "nexthops": [ {
                            "gateway": "10.0.0.2",
                            "dev": "veth0",
                            "weight": 2,
                            "flags": [ ]
                        },{
                            "gateway": "10.0.0.3",
                            "dev": "veth0",
                            "weight": 1,
                            "flags": [ ]
                        } ]
                } ]

            """
        #expect(printed(.prettyJSON) { route(&$0) } == expected)
    }

    @Test func nestedObjectsAndStringElementsAreIndentedAsTheReferenceDoes() {
        // ip -j -p -s link show veth0, shortened
        let expected = """
            [ {
                    "link": null,
                    "ifname": "veth0",
                    "flags": [ "BROADCAST","MULTICAST" ],
                    "stats64": {
                        "rx": {
                            "bytes": 356
                        },
                        "tx": {
                            "bytes": 572
                        }
                    }
                } ]

            """
        let actual = printed(.prettyJSON) { output in
            output.beginArray()
            output.beginObject()
            output.null("link", text: "@NONE")
            output.string("ifname", "veth0", suffix: ": ")
            output.beginArray("flags", text: "<")
            output.string(nil, "BROADCAST", suffix: ",")
            output.string(nil, "MULTICAST")
            output.endArray(text: "> ")
            output.beginObject("stats64")
            for (key, value) in [("rx", 356), ("tx", 572)] as [(StaticString, Int)] {
                output.beginObject(key)
                output.number("bytes", value)
                output.endObject()
            }
            output.endObject()
            output.endObject()
            output.endArray()
        }
        #expect(actual == expected)
    }

    @Test func emptyDocumentsEndTheirLine() {
        // ip -j netns; ip -j -p netns
        func empty(_ output: inout Output) {
            output.beginArray()
            output.endArray()
        }
        #expect(printed(.json, empty) == "[]\n")
        #expect(printed(.prettyJSON, empty) == "[ ]\n")
        #expect(printed(.text, empty) == "")
    }

    @Test func documentsFollowEachOther() {
        // printf 'link show lo\nlink show lo\n' | ip -j -b -: an array a line
        let actual = printed(.json) { output in
            for name in ["a", "b"] {
                output.beginArray()
                output.beginObject()
                output.string("ifname", name)
                output.endObject()
                output.endArray()
            }
        }
        #expect(actual == #"[{"ifname":"a"}]"# + "\n" + #"[{"ifname":"b"}]"# + "\n")
    }

    @Test func stringsAreEscapedAsTheReferenceDoes() {
        // ip link set veth1 alias $'t\tn\nx\x01\x7f\xc3\xa4\xff\b\f\r'; ip -j link show veth1
        let alias: [UInt8] = Array("a\"b\\c/d'<t\tn\nx\u{1}\u{7f}ä".utf8) + [0xff, 0x08, 0x0c, 0x0d, 0x0b, 0x1b]
        var output = Output(descriptor: nil, format: .json)
        output.string(nil, alias)
        let expected: [UInt8] =
            Array(#""a\"b\\c/d'<t\tn\nx"#.utf8) + [0x01, 0x7f] + Array("ä".utf8) + [0xff] + Array(#"\b\f\r"#.utf8)
            + [0x0b, 0x1b, 0x22]
        #expect(output.takeBytes() == expected)

        var text = Output(descriptor: nil)
        text.string("ifalias", alias)
        #expect(text.takeBytes() == alias)
    }

    @Test func escapingOneStringLeavesTheNextAlone() {
        #expect(
            printed(.json) { output in
                output.beginObject()
                output.string("a\"", "\"\"")
                output.string("b", "plain")
                output.endObject()
            } == #"{"a"":"\"\"","b":"plain"}"# + "\n")
    }

    @Test func fieldsHaveTheirFormsInBothWorlds() {
        func fields(_ output: inout Output) {
            output.beginObject()
            output.number("n", -5, prefix: "n ", suffix: " ")
            output.hex("mark", 0x1f as UInt32, prefix: "fwmark ", suffix: "/")
            output.hex("mask", 0 as UInt32, suffix: " ")
            output.hex("tos", 8 as UInt8, digits: 2, prefix: "tos ", suffix: " ")
            output.hex("id", 0xab as UInt8, zeroX: false, suffix: " ")
            output.bool("arp", true, on: "on", off: "off", prefix: "arp ", suffix: " ")
            output.bool("learning", false, prefix: "learning ", suffix: " ")
            output.flag("offload", text: "offload ")
            output.null("link", text: "@NONE ")
            output.double("rate", 1.5, decimals: 2, suffix: "!")
            output.text("text ")
            output.text("value", width: -7)
            output.text(number: 42, width: 5)
            output.jsonString("s", "x")
            output.jsonNumber("u", UInt64.max)
            output.jsonBool("b", false)
            output.jsonNull("z")
            output.jsonKey("dynamic \"key\"")
            output.number(nil, 1)
            output.string("after", "x")
            output.endObject()
        }
        #expect(
            printed { fields(&$0) }
                == "n -5 fwmark 0x1f/0 tos 0x08 ab arp on learning false offload @NONE 1.50!text value     421x")
        #expect(
            printed(.json) { fields(&$0) }
                == #"{"n":-5,"mark":"0x1f","mask":"0","tos":"0x08","id":"ab","arp":true,"learning":false,"offload":true,"#
                + #""link":null,"rate":1.50,"s":"x","u":18446744073709551615,"b":false,"z":null,"#
                + #""dynamic \"key\"":1,"after":"x"}"# + "\n")
    }

    @Test func keysThatAreNoLiteralsAreIndentedToo() {
        let actual = printed(.prettyJSON) { output in
            output.beginObject()
            output.jsonKey("a")
            output.number(nil, 1)
            output.jsonKey("b")
            output.beginArray()
            output.endArray()
            output.endObject()
        }
        #expect(actual == "{\n    \"a\": 1,\n    \"b\": [ ]\n}\n")
    }

    @Test(arguments: [
        (0 as Int64, "0"), (9, "9"), (10, "10"), (-1, "-1"), (1_234_567_890, "1234567890"),
        (Int64.max, "9223372036854775807"),
        (Int64.min, "-9223372036854775808"),
    ])
    func integersAreDecimal(value: Int64, expected: String) {
        #expect(printed { $0.number(nil, value) } == expected)
    }

    @Test func theLargestIntegersAreDecimalToo() {
        #expect(printed { $0.number(nil, UInt64.max) } == "18446744073709551615")
        #expect(printed { $0.number(nil, Int8.min) } == "-128")
        #expect(printed { $0.hex(nil, UInt64.max) } == "0xffffffffffffffff")
        #expect(printed { $0.hex(nil, 1 as UInt64, digits: 16) } == "0x0000000000000001")
    }

    @Test func colorsCoverValuePaddingAndSuffix() {
        // ip -c -br link show lo
        let brief = printed(colors: .plain) { output in
            output.string("ifname", "lo", suffix: " ", color: .interfaceName, width: -16)
            output.string("operstate", "UNKNOWN", suffix: " ", width: -14)
        }
        #expect(brief == "\u{1b}[36mlo               \u{1b}[0mUNKNOWN        ")
        // COLORFGBG='15;0' ip -c link show d0
        let bright = printed(colors: .bright) { output in
            output.text("state ")
            output.string("operstate", "DOWN", suffix: " ", color: .operstateDown)
            output.string("address", "02:00:00:00:00:07", prefix: "link/ether ", color: .mac)
        }
        #expect(bright == "state \u{1b}[1;31mDOWN \u{1b}[0mlink/ether \u{1b}[1;33m02:00:00:00:00:07\u{1b}[0m")
    }

    @Test(arguments: [
        (Color.interfaceName, "36"), (.mac, "33"), (.inet, "35"), (.inet6, "34"), (.operstateUp, "32"),
        (.operstateDown, "31"),
    ])
    func everyKindHasItsColor(color: Color, code: String) {
        #expect(printed(colors: .plain) { $0.text("x", color: color) } == "\u{1b}[\(code)mx\u{1b}[0m")
        #expect(printed(colors: .bright) { $0.text("x", color: color) } == "\u{1b}[1;\(code)mx\u{1b}[0m")
        #expect(printed { $0.text("x", color: color) } == "x")
    }

    @Test func paddingIsOnTheSideAskedFor() {
        #expect(printed { $0.number(nil, 7, prefix: "[", suffix: "]", width: 5) } == "[    7]")
        #expect(printed { $0.number(nil, 7, prefix: "[", suffix: "]", width: -5) } == "[7    ]")
        #expect(printed { $0.number(nil, 1_234_567, width: 5) } == "1234567")
        #expect(printed(.json) { $0.number(nil, 7, width: 5) } == "7")
    }

    @Test func deepNestingKeepsItsCommas() {
        let actual = printed(.json) { output in
            for _ in 0..<100 { output.beginArray() }
            output.number(nil, 1)
            output.number(nil, 2)
            for _ in 0..<100 { output.endArray() }
        }
        #expect(actual == String(repeating: "[", count: 100) + "1,2" + String(repeating: "]", count: 100) + "\n")
    }

    @Test func closingTooOftenDoesNotTrap() {
        let actual = printed(.json) { output in
            output.endArray()
            output.endObject()
            output.beginArray()
            output.endArray()
        }
        #expect(actual == "]\n}\n[]\n")
    }

    @Test func nothingGrowsWhileWriting() {
        // A descriptor that takes everything would hide a writer that never flushes; one that fails shows each flush.
        var output = Output(descriptor: -1, format: .json)
        output.beginArray()
        for index in 0..<20_000 {
            output.beginObject()
            output.number("metric", index)
            output.endObject()
        }
        #expect(output.writeError != 0)
        #expect(output.takeBytes().count < 1 << 17)
    }

    @Test func theFirstWriteErrorIsRemembered() {
        var output = Output(descriptor: -1)
        output.text("x")
        #expect(output.writeError == 0)
        #expect(output.finish() == 9)  // EBADF
        #expect(output.finish() == 9)  // EBADF
    }
}
