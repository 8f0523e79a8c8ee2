// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import NetlinkCore

@Suite("Validation") struct ValidationTests {
    private struct Inner {
        var size = 1
        func validate() throws(NetlinkError) {
            var validation = Validation()
            if size > 9 { validation.add("size", "size \(size) is above 9") }
            try validation.finish()
        }
    }

    private struct Outer {
        var id = 1
        var name = "a"
        var inner = Inner()
        var link = LinkReference.name("eth0")
        func validate() throws(NetlinkError) {
            var validation = Validation()
            if id > 4094 { validation.add("id", "id \(id) is above 4094") }
            if name.isEmpty { validation.add("name", "the name is empty") }
            validation.include("inner") { () throws(NetlinkError) in try inner.validate() }
            validation.include("link") { () throws(NetlinkError) in try link.validate() }
            try validation.finish(operation: "add outer", object: name)
        }
    }

    @Test("nothing wrong throws nothing") func right() throws { try Outer().validate() }

    @Test("everything that is wrong is told at once, with its field and the fields around it") func wrong() {
        let value = Outer(id: 5000, name: "", inner: Inner(size: 10), link: .name("a/b"))
        let error = netlinkError { () throws(NetlinkError) in try value.validate() }
        #expect(error?.code == .invalidArgument)
        #expect(error?.isInvalid == true)
        #expect(error?.operation == "add outer")
        let words = "an interface name has no slash, white space or NUL"
        #expect(
            error?.problems == [
                FieldProblem("id", "id 5000 is above 4094"), FieldProblem("name", "the name is empty"),
                FieldProblem("inner.size", "size 10 is above 9"), FieldProblem("link.name", words),
            ])
        #expect(error?.explanation == "id 5000 is above 4094; the name is empty; size 10 is above 9; \(words)")
        #expect(error?.problems.first?.description == "id: id 5000 is above 4094")
        #expect(error?.naming(operation: "x").problems.count == 4)
    }

    @Test("an error without fields is told under the field in which its value stands") func plain() {
        var validation = Validation()
        validation.include("peer") { () throws(NetlinkError) in
            throw NetlinkError(.invalidArgument, explanation: "no such thing")
        }
        validation.include("port") { () throws(NetlinkError) in throw NetlinkError(.busy) }
        #expect(
            validation.problems == [
                FieldProblem("peer", "no such thing"), FieldProblem("port", NetlinkError(.busy).description),
            ])
    }

    @Test("errors differ by their fields, and other errors have none") func equality() {
        func error(_ field: String) -> NetlinkError? {
            var validation = Validation()
            validation.add(field, "wrong")
            return netlinkError { () throws(NetlinkError) in try validation.finish() }
        }
        #expect(error("a") == error("a"))
        #expect(error("a") != error("b"))
        #expect(NetlinkError(.exists).problems.isEmpty)
    }
}
