using System.Text.Json.Nodes;

namespace Fleet.Expressions.Tests;

public sealed class CelLanguageTests
{
    /// <summary>Everything here must be true.</summary>
    [Theory]
    [InlineData("1 + 2 * 3 == 7 && (1 + 2) * 3 == 9")]
    [InlineData("7 / 2 == 3 && -7 / 2 == -3 && 7 % -3 == 1 && -7 % 3 == -1")]
    [InlineData("1u + 2u == 3u && 0x10 == 16 && 0xFFu == 255u")]
    [InlineData("1.5 + 1.5 == 3.0 && 1e3 == 1000.0 && .5 * 2.0 == 1.0")]
    [InlineData("-9223372036854775808 < 0 && - -1 == 1 && !!true")]
    [InlineData("1 == 1.0 && 1u == 1 && 1 < 1.5 && 2u > 1.5 && 1 != '1'")]
    [InlineData("9007199254740993 > 9007199254740992.0")]
    [InlineData("[1, 2] == [1.0, 2u] && {'a': 1} == {'a': 1.0} && [1] != [2]")]
    [InlineData("'a' + 'b' == 'ab' && 'a' < 'b' && b'ab' == bytes('ab') && b'\\xff' != b'a'")]
    [InlineData("'\\u00e9' == 'é' && '\\x41\\101\\n' == 'AA\\n' && r'\\n' == '\\\\n' && '''it's''' == \"it's\"")]
    [InlineData("[1] + [2, 3] == [1, 2, 3] && [1, 2, 3][1] == 2 && {'a': {'b': 1}}.a.b == 1 && {1: 'x'}[1] == 'x' && {1: 'x'}[1.0] == 'x'")]
    [InlineData("2 in [1, 2] && !(3 in [1, 2]) && 'a' in {'a': 1} && !('b' in {'a': 1}) && 1 in {1u: 0}")]
    [InlineData("true ? true : 1 / 0 == 0")]
    [InlineData("true || 1 / 0 == 0")]
    [InlineData("1 / 0 == 0 || true")]
    [InlineData("!(false && 1 / 0 == 0) && !(1 / 0 == 0 && false)")]
    [InlineData("[1, 2, 3].all(x, x > 0) && ![1, 2].all(x, x > 1) && [].all(x, false)")]
    [InlineData("[1, 0].exists(x, 1 / x == 1) && [0, 1].exists(x, 1 / x == 1) && ![].exists(x, true)")]
    [InlineData("![0, 2].all(x, 4 / x == 4)")]
    [InlineData("[1, 2, 2].exists_one(x, x == 1) && ![1, 2, 2].exists_one(x, x == 2)")]
    [InlineData("[1, 2, 3].filter(x, x % 2 == 1) == [1, 3] && [1, 2].map(x, x * 2) == [2, 4] && [1, 2, 3].map(x, x > 1, x * x) == [4, 9]")]
    [InlineData("{'a': 1, 'b': 2}.all(k, k in ['a', 'b']) && {'a': 1}.map(k, k) == ['a']")]
    [InlineData("[[1, 2], [3]].all(l, l.all(x, x > 0)) && [1].all(x, [2].all(x, x == 2) && x == 1)")]
    [InlineData("has({'a': 1}.a) && !has({'a': 1}.b)")]
    [InlineData("size('héllo') == 5 && 'é😀'.size() == 2 && size([1, 2]) == 2 && size({'a': 1}) == 1 && size(b'abc') == 3")]
    [InlineData("'hello'.startsWith('he') && 'hello'.endsWith('lo') && 'hello'.contains('ll') && 'hello'.matches('^h.*o$') && !'hello'.matches('^e')")]
    [InlineData("int('42') == 42 && int(3.9) == 3 && int(-3.9) == -3 && uint(5) == 5u && double('1.5') == 1.5 && string(1) == '1' && string(1.5) == '1.5' && string(true) == 'true' && bool('true')")]
    [InlineData("int(timestamp('1970-01-01T00:00:10Z')) == 10 && string(timestamp('2024-02-29T12:00:00.5Z')) == '2024-02-29T12:00:00.5Z' && timestamp(0) == timestamp('1970-01-01T01:00:00+01:00')")]
    [InlineData("duration('1h30m') == duration('90m') && string(duration('1.5s')) == '1.5s' && duration('1m') > duration('-1h') && duration('90s').getMinutes() == 1")]
    [InlineData("timestamp('2024-02-28T00:00:00Z') + duration('24h') == timestamp('2024-02-29T00:00:00Z') && timestamp('2024-01-02T00:00:00Z') - timestamp('2024-01-01T00:00:00Z') == duration('24h')")]
    [InlineData("timestamp('2024-02-29T23:30:00Z').getMonth() == 1 && timestamp('2024-02-29T23:30:00Z').getDayOfMonth() == 28 && timestamp('2024-02-29T23:30:00Z').getDate() == 29 && timestamp('2024-02-29T23:30:00Z').getDayOfWeek() == 4")]
    [InlineData("timestamp('2024-02-29T23:30:00Z').getHours('+01:00') == 0 && timestamp('2024-02-29T23:30:00Z').getFullYear('UTC') == 2024")]
    [InlineData("type(1) == int && type('') == string && type(type(1)) == type && type(null) == null_type && type([]) == list && type(1) != uint")]
    [InlineData("null == null && null != 0 && dyn(1) == 1 && dyn([1, 'a'])[1] == 'a'")]
    [InlineData("// a comment\n true")]
    public void The_core_language_follows_its_definition(string expression) => Assert.True((bool)CelProgram.Compile(expression).Evaluate(new Dictionary<string, JsonNode?>())!);

    [Theory]
    [InlineData("[1, 2, 3].isSorted() && !['b', 'a'].isSorted() && [1, 2, 3].sum() == 6 && [].sum() == 0 && [3, 1].min() == 1 && [1.5, 2.5].max() == 2.5")]
    [InlineData("[1, 2, 1].indexOf(1) == 0 && [1, 2, 1].lastIndexOf(1) == 2 && [1].indexOf(9) == -1 && 'tacocat'.indexOf('c', 3) == 4 && 'tacocat'.lastIndexOf('a') == 5")]
    [InlineData("'Hello'.lowerAscii() == 'hello' && 'é'.upperAscii() == 'é' && ' x '.trim() == 'x' && 'abc'.reverse() == 'cba'")]
    [InlineData("'aaa'.replace('a', 'b', 2) == 'bba' && 'aaa'.replace('a', '') == '' && 'a,b,c'.split(',') == ['a', 'b', 'c'] && 'a,b,c'.split(',', 2) == ['a', 'b,c'] && 'ab'.split('') == ['a', 'b']")]
    [InlineData("['a', 'b'].join('-') == 'a-b' && ['a', 'b'].join() == 'ab' && 'héllo'.substring(1, 3) == 'él' && 'hello'.substring(3) == 'lo' && 'abc'.charAt(1) == 'b' && 'abc'.charAt(3) == ''")]
    [InlineData("'%s is %d, %.2f, %x, %b, 100%%'.format(['x', 3, 1.239, 255, 5]) == 'x is 3, 1.24, ff, 101, 100%' && '%s'.format([[1, 'a']]) == '[1, a]'")]
    [InlineData("'abc 123'.find('[0-9]+') == '123' && 'abc'.find('[0-9]') == '' && '1 2 3'.findAll('[0-9]') == ['1', '2', '3'] && '1 2 3'.findAll('[0-9]', 2) == ['1', '2']")]
    [InlineData("url('https://user@example.com:80/a/b?x=1&y=2&x=3').getHost() == 'example.com:80' && url('https://example.com:80/').getHostname() == 'example.com' && url('https://example.com:80/').getPort() == '80'")]
    [InlineData("url('https://example.com/a%20b?x=1&x=3').getQuery() == {'x': ['1', '3']} && url('/path').getScheme() == '' && url('https://e.com/p').getEscapedPath() == '/p' && isURL('https://a.b') && !isURL('../x')")]
    [InlineData("quantity('1.5Gi').isGreaterThan(quantity('1500Mi')) && quantity('1k') == quantity('1000') && quantity('100m').compareTo(quantity('0.1')) == 0 && isQuantity('20M') && !isQuantity('20Mo')")]
    [InlineData("quantity('50k').asInteger() == 50000 && quantity('9.5').isInteger() == false && quantity('50k').add(20) == quantity('50020') && quantity('5').sub(quantity('6')).sign() == -1")]
    [InlineData("isIP('::1') && !isIP('1.2.3') && ip('127.0.0.1').isLoopback() && ip('10.0.0.1').family() == 4 && ip('fe80::1').isLinkLocalUnicast() && ip.isCanonical('::1') && !ip.isCanonical('0:0::1')")]
    [InlineData("cidr('192.168.0.0/16').containsIP('192.168.9.9') && !cidr('192.168.0.0/16').containsIP(ip('10.0.0.1')) && cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8') && cidr('::1/64').prefixLength() == 64")]
    [InlineData("sets.contains([1, 2], [2]) && sets.equivalent([1, 2, 2], [2, 1]) && sets.intersects([1], [1, 5]) && !sets.intersects([1], [])")]
    public void The_functions_that_kubernetes_adds_work(string expression) => The_core_language_follows_its_definition(expression);

    [Theory]
    [InlineData("1 / 0", "division by zero")]
    [InlineData("1 % 0", "modulus by zero")]
    [InlineData("9223372036854775807 + 1", "integer overflow")]
    [InlineData("-(-9223372036854775807 - 1)", "integer overflow")]
    [InlineData("0u - 1u", "integer overflow")]
    [InlineData("[1][1]", "index out of bounds: 1")]
    [InlineData("{'a': 1}.b", "no such key: b")]
    [InlineData("{'a': 1, 'a': 2}", "repeated key")]
    [InlineData("1 + 1.0", "no such overload")]
    [InlineData("'a' < 1", "no such overload")]
    [InlineData("1 && true", "no such overload")]
    [InlineData("1 / 0 == 0 || false", "division by zero")]
    [InlineData("[0].all(x, 1 / x == 1)", "division by zero")]
    [InlineData("'a'.matches('(')", "error parsing regexp")]
    [InlineData("int('x')", "type conversion error")]
    [InlineData("[].min()", "empty list")]
    [InlineData("timestamp('yesterday')", "type conversion error")]
    public void Evaluation_fails_with_a_reason(string expression, string message) =>
        Assert.Contains(message, Assert.Throws<CelException>(() => CelProgram.Compile(expression).Evaluate(new Dictionary<string, JsonNode?>())).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("foo", 1, 1, "undeclared reference to 'foo'")]
    [InlineData("self.foo(1)", 1, 5, "undeclared reference to 'foo'")]
    [InlineData("true &&\n  bar == 1", 2, 3, "undeclared reference to 'bar'")]
    [InlineData("1 +", 1, 4, "Syntax error")]
    [InlineData("'abc", 1, 1, "unterminated")]
    [InlineData("1 # 2", 1, 3, "token recognition error")]
    [InlineData("self.?a", 1, 6, "optional types")]
    [InlineData("Msg{a: 1}", 1, 4, "construction of messages")]
    [InlineData("[1].all(x.y, true)", 1, 10, "must be a simple name")]
    [InlineData("has(self)", 1, 1, "invalid argument to has()")]
    [InlineData("9223372036854775808", 1, 1, "invalid int literal")]
    [InlineData("let == 1", 1, 1, "reserved identifier")]
    [InlineData("'a'.startsWith()", 1, 4, "no matching overload")]
    [InlineData("x.all(x, x)", 1, 1, "undeclared reference to 'x'")]
    public void A_mistake_is_shown_where_it_is(string expression, int line, int column, string message)
    {
        var error = Assert.Throws<CelException>(() => CelProgram.Compile(expression, "self"));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (error.Line, error.Column));
    }

    [Fact]
    public void Json_is_read_as_it_comes()
    {
        var self = new Dictionary<string, JsonNode?> { ["self"] = JsonNode.Parse("""{"i":1,"d":1.5,"s":"x","n":null,"l":[1,{"a":true}],"big":9223372036854775807}""") };
        Assert.True(CelProgram.Compile("self.i == 1 && type(self.i) == int && type(self.d) == double && self.n == null && has(self.n) && !has(self.z) && self.l[1].a && self.big + 0 > 1 && self == self", "self").EvaluateCondition(self));
    }

    [Fact]
    public void Costs_are_limited()
    {
        const string nested = "[1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b, [1,2,3,4,5,6,7,8,9,10].all(c, a + b + c > 0)))";
        var values = new Dictionary<string, JsonNode?>();
        Assert.True(CelProgram.Compile(nested).EvaluateCondition(values));
        Assert.Contains("cost limit", Assert.Throws<CelException>(() => CelProgram.Compile(nested).Evaluate(values, 1000)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Depth_is_limited()
    {
        Assert.Throws<CelException>(() => CelProgram.Compile(new string('(', 5000) + "1" + new string(')', 5000)));
        Assert.Throws<CelException>(() => CelProgram.Compile(string.Join("+", Enumerable.Repeat("1", 5000))));
        Assert.Throws<CelException>(() => CelProgram.Compile(new string('!', 5000) + "true"));
        Assert.Throws<CelException>(() => CelProgram.Compile(string.Concat(Enumerable.Repeat("[", 5000))));
    }

    [Fact]
    public void Only_what_is_mentioned_counts_as_used() =>
        Assert.Equal(["self"], CelProgram.Compile("self.x == 1", "self", "oldSelf").UsedVariables);
}
