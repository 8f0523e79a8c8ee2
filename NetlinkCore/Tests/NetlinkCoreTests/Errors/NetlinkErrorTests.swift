// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import NetlinkCore

@Suite("Errors") struct NetlinkErrorTests {
    @Test("an error is two words") func size() {
        #expect(MemoryLayout<NetlinkError>.size <= 16)
    }

    @Test("the description names operation, object, error and what the kernel said") func description() {
        var said = ExtendedAcknowledgement()
        said.message = "Nexthop has invalid gateway"
        var policy = AttributePolicy()
        policy.minimum = 1
        policy.maximum = 4094
        said.policy = policy
        let error = NetlinkError(
            .networkUnreachable, operation: "add route", object: "10.0.0.0/8", acknowledgement: said)
        #expect(
            error.description
                == "add route 10.0.0.0/8: Network is unreachable: Nexthop has invalid gateway (allowed 1...4094)")
        #expect(NetlinkError(.exists).description == "File exists")
        #expect(NetlinkError(.busy, object: "eth0").description == "eth0: Device or resource busy")
        #expect(
            NetlinkError(.invalidArgument, explanation: "text with a NUL inside", path: [3, 1]).description
                == "Invalid argument: text with a NUL inside (attribute 3/1)")
        #expect(
            NetlinkError(DecodeError(.truncated, expected: 4, actual: 1)).description
                == "Malformed reply: 4 bytes needed, 1 there")
        said = ExtendedAcknowledgement()
        said.missingType = 2
        said.resolve(in: [UInt8](repeating: 0, count: 24).rawSpan, schema: ItemFamily.schema(of: 16))
        #expect(
            NetlinkError(.invalidArgument, acknowledgement: said).description
                == "Invalid argument (missing attribute ITEM_NAME)")
    }

    @Test("naming fills in what is not named yet") func naming() {
        let bare = NetlinkError(.exists)
        #expect(bare.naming(operation: "a", object: "b").description == "a b: File exists")
        let named = NetlinkError(.exists, operation: "first")
        #expect(named.naming(operation: "second", object: "b").operation == "first")
        #expect(named.naming(operation: "second", object: "b").object == "b")
        #expect(named.naming(operation: nil) == named)
        let rich = NetlinkError(
            .exists, explanation: "why", path: AttributePath(numbers: [4]), decodeError: DecodeError(.tooDeep),
            partial: [1])
        let renamed = rich.naming(operation: "op")
        #expect(renamed.explanation == "why")
        #expect(renamed.path?.elements.map(\.number) == [4])
        #expect(renamed.decodeError == DecodeError(.tooDeep))
        #expect(renamed.partial as? [Int] == [1])
        #expect(rich.carrying([2]).partial as? [Int] == [2])
        #expect(rich.carrying([2]).explanation == "why")
    }

    @Test("equality looks at everything but what came before") func equality() {
        #expect(NetlinkError(.exists) == NetlinkError(.exists))
        #expect(NetlinkError(.exists) != NetlinkError(.busy))
        #expect(NetlinkError(.exists, operation: "a") != NetlinkError(.exists, operation: "b"))
        #expect(NetlinkError(.exists, object: "a") != NetlinkError(.exists))
        #expect(NetlinkError(.exists, explanation: "a") != NetlinkError(.exists))
        #expect(NetlinkError(.exists, decodeError: DecodeError(.tooDeep)) != NetlinkError(.exists))
    }

    @Test("codes below zero are this library's own, and have words") func ownCodes() {
        let own: [NetlinkError.Code] = [
            .closed, .interrupted, .malformedReply, .noReply, .limitExceeded, .forked, .overrun,
        ]
        #expect(Set(own.map(\.rawValue)).count == own.count)
        #expect(Set(own.map(\.description)).count == own.count)
        for code in own {
            #expect(code.errorNumber == nil)
            #expect(!code.description.hasPrefix("Unknown error"))
        }
        #expect(NetlinkError.Code.exists.errorNumber == 17)
        #expect(NetlinkError.Code.exists.description == "File exists")
    }

    @Test("the named checks hold for their codes alone") func checks() {
        typealias Check = (name: String, holds: (NetlinkError) -> Bool, codes: Set<NetlinkError.Code>)
        let checks: [Check] = [
            ("isNotFound", { $0.isNotFound }, [.notFound, .noSuchEntry, .noDevice, .addressNotAvailable]),
            ("isExisting", { $0.isExisting }, [.exists]),
            ("isPermission", { $0.isPermission }, [.notPermitted, .accessDenied]),
            ("isBusy", { $0.isBusy }, [.busy]),
            ("isNotSupported", { $0.isNotSupported }, [.notSupported, .protocolNotSupported, .familyNotSupported]),
            ("isNoDevice", { $0.isNoDevice }, [.noDevice, .noSuchDevice]),
            ("isUnreachable", { $0.isUnreachable }, [.networkUnreachable, .hostUnreachable]),
            ("isInvalid", { $0.isInvalid }, [.invalidArgument, .outOfRange]),
            ("isTimeout", { $0.isTimeout }, [.timedOut]),
            ("isCancelled", { $0.isCancelled }, [.cancelled]),
            ("isClosed", { $0.isClosed }, [.closed]),
            ("isInterrupted", { $0.isInterrupted }, [.interrupted]),
        ]
        for check in checks {
            for number in (-10...133) as ClosedRange<Int32> {
                let code = NetlinkError.Code(rawValue: number)
                #expect(check.holds(NetlinkError(code)) == check.codes.contains(code), "\(check.name) \(number)")
            }
        }
    }

    @Test("a failed call becomes an error with its number") func systemError() {
        let error = NetlinkError(SystemError(1, call: "setns"), operation: "enter", object: "blue") { _ in true }
        #expect(error.code == .notPermitted)
        #expect(error.description == "enter blue: Operation not permitted: setns failed: needs CAP_SYS_ADMIN")
        #expect("\(SystemError(2, call: "open"))" == "open: No such file or directory")
    }

    @Test("policies say what they allow") func policies() throws {
        var policy = AttributePolicy()
        policy.minimumSigned = -5
        policy.maximumSigned = 5
        #expect(policy.description == "allowed -5...5")
        policy = AttributePolicy()
        policy.mask = 0xff
        policy.bitfieldMask = 3
        policy.maximumLength = 15
        #expect(policy.description == "allowed bits 0xff, allowed flags 0x3, length 0...15")
        policy = AttributePolicy()
        policy.type = .invalid
        #expect(policy.description == "not accepted")
        policy.type = .nested
        #expect(policy.description == "type 13")
    }

    @Test("a policy nest is read field by field") func policyFields() throws {
        let bytes = written { writer in
            writer.put(PolicyAttribute.type, UInt32(16))
            writer.put(PolicyAttribute.minimumSigned, Int64(-1))
            writer.put(PolicyAttribute.maximumSigned, Int64(2))
            writer.put(PolicyAttribute.minimum, UInt64(3))
            writer.put(PolicyAttribute.maximum, UInt64(4))
            writer.put(PolicyAttribute.minimumLength, UInt32(5))
            writer.put(PolicyAttribute.maximumLength, UInt32(6))
            writer.put(PolicyAttribute.nestedPolicy, UInt32(7))
            writer.put(PolicyAttribute.nestedMaximum, UInt32(8))
            writer.put(PolicyAttribute.bitfieldMask, UInt32(9))
            writer.put(PolicyAttribute.mask, UInt64(10))
            writer.put(rawType: 99, [1])
        }
        var expected = AttributePolicy()
        expected.type = .signed
        expected.minimumSigned = -1
        expected.maximumSigned = 2
        expected.minimum = 3
        expected.maximum = 4
        expected.minimumLength = 5
        expected.maximumLength = 6
        expected.nestedPolicy = 7
        expected.nestedMaximum = 8
        expected.bitfieldMask = 9
        expected.mask = 10
        #expect(try AttributePolicy(decoding: bytes.rawSpan) == expected)
        #expect(
            decodeError { () throws(DecodeError) in
                try AttributePolicy(decoding: bytes.rawSpan.bytes(from: 0, count: 6))
            } != nil)
    }
}
