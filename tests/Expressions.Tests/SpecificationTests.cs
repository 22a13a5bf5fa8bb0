using System.Text.Json.Nodes;

namespace Fleet.Expressions.Tests;

/// <summary>
/// What the specification of CEL says about the part that rules use, section by section of its conformance tests. The first word is the file there
/// that states the fact. Facts about messages, optional values, two-variable macros and nanoseconds below 100 are not ours: see <see cref="Unsupported"/>.
/// </summary>
public sealed class SpecificationTests
{
    private static readonly JsonObject Object = (JsonObject)JsonNode.Parse(
        """
        {
          "metadata": { "name": "web", "namespace": "shop", "generation": 3, "labels": { "app.kubernetes.io/name": "web", "tier": "front" } },
          "spec": { "replicas": 2, "template": { "containers": [ { "name": "a", "image": "a:1" }, { "name": "b", "image": "b:2" } ] } },
          "status": { "observedGeneration": 3, "ratio": 0.5, "conditions": [ { "type": "Ready", "status": "True" }, { "type": "Stalled", "status": "False" } ] }
        }
        """)!;

    [Theory]
    // Fields: selection, has(), what is missing.
    [InlineData("fields", "obj.metadata.name == 'web' && obj['metadata']['name'] == 'web' && obj.metadata['name'] == 'web'")]
    [InlineData("fields", "has(obj.status) && !has(obj.spec.paused) && has({'k': null}.k) && !has({}.k)")]
    [InlineData("fields", "obj.metadata.labels.`app.kubernetes.io/name` == 'web' && has(obj.metadata.labels.`app.kubernetes.io/name`) && !has(obj.metadata.labels.`a-b`)")]
    [InlineData("fields", "'tier' in obj.metadata.labels && !('team' in obj.metadata.labels) && 2.0 in {2: 'b'} && !(2.5 in {2: 'b'})")]
    [InlineData("fields", "{1u: 'a', 2: 'b'}[1] == 'a' && {1u: 'a', 2: 'b'}[2u] == 'b' && {1: 'a'}[1.0] == 'a' && {true: 5}[true] == 5")]
    [InlineData("parse", "obj.metadata.namespace == 'shop' && {'if': 1}.if + {'for': 2}.for + {'in': 3}.in == 6")]
    [InlineData("parse", "(((((((((((((((((((((((((1))))))))))))))))))))))))) == 1 && [[[[[[[7]]]]]]][0][0][0][0][0][0][0] == 7")]
    [InlineData("parse", "1 +\t2 // three\n == 3")]
    [InlineData("parse", "'\\101\\x41\\u0041\\U00000041' == 'AAAA' && '\\u2603' == '☃' && r'\\u2603' != '☃' && b'\\303\\277' == bytes('ÿ')")]
    [InlineData("namespace", "[1].exists(obj, obj == 1) && [1].exists(obj, .obj.metadata.name == 'web')")]
    // Arithmetic.
    [InlineData("integer_math", "40 + 2 == 42 && 42 - -22 == 64 && 40 * -2 == -80 && -80 / -2 == 40 && 47 % 5 == 2 && 43 % -5 == 3 && -42 % -5 == -2 && -3 % 5 == -3")]
    [InlineData("integer_math", "9223372036854775807 - 1 == 9223372036854775806 && -9223372036854775808 + 1 < 0 && 18446744073709551615u / 2u == 9223372036854775807u")]
    [InlineData("fp_math", "1.5 + 2.25 == 3.75 && 1.0 / 4.0 == 0.25 && -1.5 * 2.0 == -3.0 && 1.0 / 0.0 > 1e308 && -(1.0 / 0.0) < -1e308 && 0.0 / 0.0 != 0.0 / 0.0")]
    // Comparison across the kinds of numbers, and of what is nested.
    [InlineData("comparisons", "1 == 1.0 && 1u == 1 && 1 < 1.1 && 2u > 1 && 1.0 <= 1u && [1, 2u] == [1.0, 2] && {'a': 1} == {'a': 1u}")]
    [InlineData("comparisons", "'a' < 'b' && 'A' < 'a' && false < true && b'a' < b'b' && '' < 'a' && 'a' != 1 && null != 0 && null == null")]
    [InlineData("comparisons", "{'a': 1, 'b': 2} == {'b': 2, 'a': 1} && [1, 2] != [2, 1] && [] == [] && {} == {} && {'a': 1} != {'a': 1, 'b': 1}")]
    [InlineData("comparisons", "'b' in ['a', 'b'] && !('c' in ['a', 'b']) && 1.0 in [1, 2] && !('1' in [1])")]
    // Logic is commutative: an error counts only where the other side does not decide.
    [InlineData("logic", "(true || obj.none.deep == 1) && (obj.none.deep == 1 || true) && !(false && 1 / 0 > 1) && !(1 / 0 > 1 && false)")]
    [InlineData("logic", "(true ? 1 : 1 / 0) == 1 && (false ? 1 / 0 : 2) == 2 && !false && !(true && false)")]
    // Lists and macros.
    [InlineData("lists", "[1, 2] + [3] == [1, 2, 3] && [] + [] == [] && [7, 8][1] == 8 && [7, 8][0u] == 7 && [7][0.0] == 7 && size([]) == 0 && [1, 2].size() == 2")]
    [InlineData("macros", "obj.status.conditions.exists(c, c.type == 'Ready' && c.status == 'True') && !obj.status.conditions.exists(c, c.type == 'Gone')")]
    [InlineData("macros", "obj.spec.template.containers.all(c, has(c.image)) && ![1, 2].all(e, e > 1) && [].all(e, 1 / 0 == e) && ![].exists(e, true)")]
    [InlineData("macros", "[1, 2, 3].exists(e, 6 / (e - 1) == 6) && ![0, 1, 2].all(e, 4 / e == 4) && ['x', 3].exists(e, e > 2)")]
    [InlineData("macros", "[1, 2, 3].exists_one(e, e > 2) && ![1, 3, 3].exists_one(e, e == 3) && {'a': 1, 'b': 2}.exists_one(k, k == 'a')")]
    [InlineData("macros", "obj.spec.template.containers.filter(c, c.name == 'a').map(c, c.image) == ['a:1'] && [1, 2, 3].map(n, n % 2 == 1, n * n) == [1, 9]")]
    [InlineData("macros", "{'b': 1, 'c': 2}.filter(k, k > 'b') == ['c'] && size({'x': 1, 'y': 2}.map(k, k)) == 2 && [[1], [2]].all(l, l.all(n, n > 0))")]
    // Text.
    [InlineData("string", "size('four') == 4 && size('☃🐱') == 2 && size(b'🐱') == 4 && 'a' + 'b' == 'ab' && 'abc'.startsWith('') && 'abc'.endsWith('bc') && 'abc'.contains('b')")]
    [InlineData("string", "'hubba'.matches('u(b+)a') && matches('alpha', '^[a-z]+$') && !'alpha'.matches('^al$') && 'mañana'.matches('a+ñ+a+') && ''.matches('')")]
    [InlineData("string_ext", "'tacocat'.charAt(3) == 'o' && 'tacocat'.indexOf('ac') == 1 && 'tacocat'.indexOf('none') == -1 && 'tacocat'.lastIndexOf('at') == 5 && 'ta©o©αT'.indexOf('©', 3) == 4")]
    [InlineData("string_ext", "'TacoCat'.lowerAscii() == 'tacocat' && 'TacoCÆt Xii'.upperAscii() == 'TACOCÆT XII' && ' \\t x \\n'.trim() == 'x' && 'gums'.reverse() == 'smug'")]
    [InlineData("string_ext", "'12 days 12 hours'.replace('12', '{0}', 1) == '{0} days 12 hours' && 'a b c'.split(' ') == ['a', 'b', 'c'] && 'a b c'.split(' ', 2) == ['a', 'b c'] && 'ab'.split('', 0) == []")]
    [InlineData("string_ext", "'tacocat'.substring(4) == 'cat' && 'tacocat'.substring(0, 4) == 'taco' && 'ta©o©αT'.substring(2, 6) == '©o©α' && ['x', 'y'].join('-') == 'x-y' && [].join('-') == ''")]
    [InlineData("string_ext", "'%d of %s, %.2f, %x, %X, %o, %b, %e, 100%%'.format([2, ['a', 1], 3.14159, 255, 'hi', 8u, 5u, 1052.032911275]) == '2 of [a, 1], 3.14, ff, 6869, 10, 101, 1.052033e+03, 100%'")]
    [InlineData("string_ext", "'%s %d'.format([[double('NaN'), double('-Infinity')], double('Infinity')]) == '[NaN, -Infinity] Infinity'")]
    [InlineData("string_ext", "strings.quote('a \"b\"\\n') == '\"a \\\\\"b\\\\\"\\\\n\"' && strings.quote('') == '\"\"' && strings.quote('☃') == '\"☃\"'")]
    // Conversions.
    [InlineData("conversions", "int('987') == 987 && int(11.9) == 11 && int(-7.9) == -7 && int(42u) == 42 && int(timestamp('2004-09-16T23:59:59Z')) == 1095379199")]
    [InlineData("conversions", "uint(3.14) == 3u && uint('300') == 300u && double('-5.43e-21') == -5.43e-21 && double(5) == 5.0 && bool('T') == false || bool('t')")]
    [InlineData("conversions", "string(-456) == '-456' && string(-4.5e-3) == '-0.0045' && string(b'abc') == 'abc' && string(true) == 'true' && bytes('ÿ') == b'\\xc3\\xbf'")]
    [InlineData("conversions", "type(obj.spec.replicas) == int && type(obj.status.ratio) == double && type(obj) == map && type(obj.status.conditions) == list && type(type(1)) == type && type(null) == null_type")]
    [InlineData("dynamic", "dyn(obj.spec.replicas) == 2.0 && int(obj.status.observedGeneration) >= int(obj.metadata.generation)")]
    // Time.
    [InlineData("timestamps", "timestamp('2009-02-13T23:31:30Z').getFullYear() == 2009 && timestamp('2009-02-13T23:31:30Z').getMonth() == 1 && timestamp('2009-02-13T23:31:30Z').getDayOfMonth() == 12")]
    [InlineData("timestamps", "timestamp('2009-02-13T23:31:30Z').getDate() == 13 && timestamp('2009-02-13T23:31:30Z').getDayOfWeek() == 5 && timestamp('2009-02-13T23:31:30Z').getDayOfYear() == 43")]
    [InlineData("timestamps", "timestamp('2009-02-13T23:31:30Z').getHours('02:00') == 1 && timestamp('2009-02-13T02:00:00Z').getDayOfMonth('-02:30') == 11 && timestamp('2009-02-13T23:31:20.123Z').getMilliseconds() == 123")]
    [InlineData("timestamps", "timestamp('2009-02-13T23:00:00Z') + duration('240s') == timestamp('2009-02-13T23:04:00Z') && timestamp('2009-02-13T23:31:00Z') - timestamp('2009-02-13T23:29:00Z') == duration('120s')")]
    [InlineData("timestamps", "duration('1h') + duration('30m') == duration('5400s') && duration('900s') - duration('42s') == duration('858s') && duration('3730s').getMinutes() == 62 && string(duration('1000000s')) == '1000000s'")]
    [InlineData("timestamps", "duration('200s') < duration('300s') && timestamp('1999-12-31T00:00:00Z') < timestamp('2000-01-01T00:00:00+00:00') && timestamp(0) == timestamp('1970-01-01T00:00:00Z')")]
    public void What_the_specification_says_holds(string section, string expression) =>
        Assert.True(CelProgram.Compile(expression, "obj").EvaluateCondition(new Dictionary<string, JsonNode?> { ["obj"] = Object }), section);

    [Theory]
    [InlineData("fields", "obj.status.missing", "no such key: missing")]
    [InlineData("fields", "obj.spec.replicas.field", "no such overload")]
    [InlineData("fields", "has(obj.none.deep)", "no such key: none")]
    [InlineData("fields", "{null: 1}", "unsupported key type")]
    [InlineData("fields", "{1.5: 1}", "unsupported key type")]
    [InlineData("fields", "{0: 1, 0u: 2}", "repeated key")]
    [InlineData("lists", "[1, 2, 3][3]", "index out of bounds: 3")]
    [InlineData("lists", "[1, 2, 3][-1]", "index out of bounds: -1")]
    [InlineData("lists", "[1][dyn('0')]", "no such overload")]
    [InlineData("integer_math", "9223372036854775807 * 2", "integer overflow")]
    [InlineData("integer_math", "-(-9223372036854775808)", "integer overflow")]
    [InlineData("integer_math", "-9223372036854775808 / -1", "integer overflow")]
    [InlineData("integer_math", "17 / 0", "division by zero")]
    [InlineData("integer_math", "42u - 43u", "integer overflow")]
    [InlineData("fp_math", "47.5 % 5.5", "no such overload")]
    [InlineData("comparisons", "dyn(1) < 'a'", "no such overload")]
    [InlineData("comparisons", "dyn([1]) < [2]", "no such overload")]
    [InlineData("logic", "obj.none.deep == 1 || false", "no such key: none")]
    [InlineData("logic", "true && obj.none.deep == 1", "no such key: none")]
    [InlineData("logic", "obj.metadata.name ? 1 : 2", "no such overload")]
    [InlineData("macros", "[1, 2].all(e, 6 / (2 - e) == 6 || e == 1)", "division by zero")]
    [InlineData("macros", "[3, 2, 1, 0].exists_one(n, 12 / n > 1)", "division by zero")]
    [InlineData("macros", "obj.metadata.name.exists(c, true)", "no such overload")]
    [InlineData("string_ext", "'tacocat'.charAt(30)", "index out of range: 30")]
    [InlineData("string_ext", "'tacocat'.substring(4, 3)", "invalid substring range")]
    [InlineData("string_ext", "'%d %d'.format([0])", "index 1 out of range")]
    [InlineData("string_ext", "'%a'.format([1])", "could not parse formatting clause")]
    [InlineData("conversions", "int(18446744073709551615u)", "overflow")]
    [InlineData("conversions", "int(1e99)", "overflow")]
    [InlineData("conversions", "uint(-1)", "overflow")]
    [InlineData("conversions", "bool('TrUe')", "conversion error")]
    [InlineData("conversions", "string(b'\\000\\xff')", "invalid UTF-8")]
    [InlineData("timestamps", "timestamp('0000-01-01T00:00:00Z')", "conversion error")]
    [InlineData("timestamps", "timestamp(253402300800)", "overflow")]
    [InlineData("timestamps", "timestamp('9999-12-31T23:59:59Z') + duration('1s')", "overflow")]
    [InlineData("timestamps", "duration('320000000000s')", "out of range")]
    [InlineData("timestamps", "duration('200000000000s') + duration('200000000000s')", "out of range")]
    [InlineData("timestamps", "timestamp('9999-12-31T23:59:59Z') - timestamp('0001-01-01T00:00:00Z')", "out of range")]
    public void What_the_specification_calls_an_error_is_one(string section, string expression, string message)
    {
        var error = Assert.Throws<CelException>(() => CelProgram.Compile(expression, "obj").Evaluate(new Dictionary<string, JsonNode?> { ["obj"] = Object }));
        Assert.True(error.Message.Contains(message, StringComparison.Ordinal), $"{section}: {error.Message}");
    }

    public static TheoryData<string, int, string> Unsupported => new()
    {
        { "obj.?status.?phase", 5, "optional types are not supported" },
        { "obj[?'status']", 5, "optional types are not supported" },
        { "TestAllTypes{single_int64: 1}", 13, "construction of messages is not supported" },
        { "[1].all(i, v, i == v)", 4, "two variables is not supported" },
        { "[1].transformList(i, v, v)", 4, "two variables is not supported" },
        { "cel.bind(a, 1, a + a)", 1, "undeclared reference to 'cel'" },
        { "math.greatest(1, 2)", 1, "undeclared reference to 'math'" },
        { "base64.encode(b'a')", 1, "undeclared reference to 'base64'" },
        { "status.phase == 'Bound'", 1, "undeclared reference to 'status'" },
        { "obj.nothing.such(1)", 12, "undeclared reference to 'such'" },
        { "has(obj)", 1, "invalid argument to has() macro" },
        { "obj.a.`b c!`", 7, "quoted name" },
        { "while + 1", 1, "reserved identifier" },
        { "obj.all(a.b, true)", 10, "simple name" },
        { "1 ++", 4, "mismatched input" },
    };

    [Theory, MemberData(nameof(Unsupported))]
    public void What_is_not_supported_is_said_with_its_place(string expression, int column, string message)
    {
        var error = Assert.Throws<CelException>(() => CelProgram.Compile(expression, "obj"));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal((1, column), (error.Line, error.Column));
    }

    [Theory]
    [InlineData("obj.big.all(a, obj.big.all(b, obj == obj))")]
    [InlineData("obj.big.all(a, obj.big.all(b, obj in [1, obj]))")]
    [InlineData("obj.big.all(a, sets.equivalent(obj.big, obj.big))")]
    [InlineData("obj.big.all(a, obj.big.map(b, obj.big.map(c, 'x')).size() > 0)")]
    [InlineData("obj.big.map(a, a + obj.big.map(b, b).join()).size() > 0")]
    public void An_expression_that_would_take_for_ever_is_stopped(string expression)
    {
        var big = new JsonObject { ["big"] = new JsonArray([.. Enumerable.Range(0, 5000).Select(i => (JsonNode)$"item number {i} of many")]) };
        var error = Assert.Throws<CelException>(() => CelProgram.Compile(expression, "obj").Evaluate(new Dictionary<string, JsonNode?> { ["obj"] = big }));
        Assert.Contains("cost limit", error.Message, StringComparison.Ordinal);
    }
}
