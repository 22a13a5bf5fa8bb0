using System.Text;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Query;
using Fleet.Observability.Query.Prometheus;
using FsCheck.Fluent;

namespace Fleet.Observability.Tests.Query;

/// <summary>Every selector of a query gets the tenant's matchers, wherever it stands; what cannot be read is refused.</summary>
public sealed class PromQueryTests
{
    private static readonly TenantMatchers One = new(new(["team-a"], new ObjectKey("team-a", "web")));
    private static readonly TenantMatchers Two = new(new(["team-a", "team-b"]));

    [Theory]
    [InlineData("up", "up {T}")]
    [InlineData("{}", "{T}")]
    [InlineData("up{job=\"a\",}", "up {job = \"a\" ,T}")]
    [InlineData("up{job='it\\'s',by!~`x\\y`}", "up {job = \"it's\" ,by !~ \"x\\\\y\" ,T}")]
    [InlineData("{__name__=\"up\"}", "{__name__ = \"up\" ,T}")]
    [InlineData("{__name__=~\"u.*|other\", clusterNamespace=~\".*\"}", "{__name__ =~ \"u.*|other\" ,clusterNamespace =~ \".*\" ,T}")]
    [InlineData("{\"metric.with dots\", \"label.é\"=\"x\"}", "{\"metric.with dots\" ,\"label.é\" = \"x\" ,T}")]
    [InlineData("a or b and on(c) d unless ignoring(e,) f", "a {T} or b {T} and on ( c ) d {T} unless ignoring ( e , ) f {T}")]
    [InlineData("a * on(x) group_left(y) b", "a {T} * on ( x ) group_left ( y ) b {T}")]
    [InlineData("a * ON(x) Group_Left b", "a {T} * ON ( x ) Group_Left b {T}")]
    [InlineData("a == bool b", "a {T} == bool b {T}")]
    [InlineData("sum by(job) (rate(up[5m]))", "sum by ( job ) ( rate ( up {T} [5m] ) )")]
    [InlineData("sum(up) without (a, b)", "sum ( up {T} ) without ( a , b )")]
    [InlineData("topk(3, up) by (x)", "topk ( 3 , up {T} ) by ( x )")]
    [InlineData("max_over_time(rate(a:b:c[5m])[1h:30s] offset -1d)", "max_over_time ( rate ( a:b:c {T} [5m] ) [1h:30s] offset - 1d )")]
    [InlineData("a[1h:]@end()", "a {T} [1h:] @ end ( )")]
    [InlineData("a @ 1609746000 offset 5m", "a {T} @ 1609746000 offset 5m")]
    [InlineData("-a ^ -1.5e-3 + 0x1F - Inf", "- a {T} ^ - 1.5e-3 + 0x1F - Inf")]
    [InlineData("a # {b}\n+ c", "a {T} + c {T}")]
    [InlineData("a # or b\r+ c", "a {T} + c {T}")]
    [InlineData("label_replace(a, \"x\", \"b{}\", \"y\", \"(.*)\")", "label_replace ( a {T} , \"x\" , \"b{}\" , \"y\" , \"(.*)\" )")]
    [InlineData("count_values(\"a or b\", c)", "count_values ( \"a or b\" , c {T} )")]
    [InlineData("\"a{} or b\"", "\"a{} or b\"")]
    [InlineData("absent(rate) + rate(rate[1m])", "absent ( rate {T} ) + rate ( rate {T} [1m] )")]
    [InlineData("rate\n#c\n(a[1m])", "rate ( a {T} [1m] )")]
    [InlineData("time() - vector(1)", "time ( ) - vector ( 1 )")]
    [InlineData("a{b=\"\\u00e9\\x41\\101\"}", "a {b = \"éAA\" ,T}")]
    public void Every_selector_gets_the_matchers(string query, string written)
    {
        Assert.Equal(written.Replace("T}", One.Text + "}", StringComparison.Ordinal), PromQuery.Expression(query, One, new()));
        Assert.Equal(written.Replace("T}", Two.Text + "}", StringComparison.Ordinal), PromQuery.Expression(query, Two, new()));
        // What was written is read again in the same way.
        var everything = new TenantMatchers(TelemetryScope.Everything);
        var once = PromQuery.Expression(query, everything, new());
        Assert.Equal(once, PromQuery.Expression(once, everything, new()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a{b=\"x\" or c=\"y\"}")]
    [InlineData("a{b=\"x\"}}")]
    [InlineData("a{b=\"x\"")]
    [InlineData("a{b=x}")]
    [InlineData("a{b==\"x\"}")]
    [InlineData("a{,}")]
    [InlineData("a{__graphite__=\"*\"}")]
    [InlineData("a{\"__graphite__\"=\"*\"}")]
    [InlineData("info(a)")]
    [InlineData("WITH (x = a) x")]
    [InlineData("with(a)")]
    [InlineData("rollup(a)")]
    [InlineData("a default b")]
    [InlineData("a keep_metric_names")]
    [InlineData("sum(a) limit 5")]
    [InlineData("sum")]
    [InlineData("by")]
    [InlineData("offset{a=\"b\"}")]
    [InlineData("sum{a=\"b\"}")]
    [InlineData("a * group_left b")]
    [InlineData("a on(b) c")]
    [InlineData("a * on(b) group_left(c)")]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("a[5m")]
    [InlineData("a[$x]")]
    [InlineData("a[5]")]
    [InlineData("a[365d]")]
    [InlineData("a[10d:1s]")]
    [InlineData("a offset b")]
    [InlineData("a @ b")]
    [InlineData("a;b")]
    [InlineData("a\\-b")]
    [InlineData("é")]
    [InlineData("a\u00a0+ b")]
    [InlineData("a{b=\"x\ny\"}")]
    [InlineData("a{b=\"\\xff\"}")]
    [InlineData("a{b=\"\\ud800\"}")]
    [InlineData("a{b=\"\\q\"}")]
    [InlineData("a{b=\"\\x00\"}")]
    [InlineData("a{b='x}")]
    [InlineData("a.b")]
    [InlineData("1or 2")]
    [InlineData("1_000")]
    [InlineData("5m")]
    public void What_cannot_be_read_is_refused(string query) => Assert.Throws<PromQueryException>(() => PromQuery.Expression(query, One, new()));

    [Theory]
    [InlineData("up or other")]
    [InlineData("up[5m]")]
    [InlineData("rate(up[5m])")]
    [InlineData("1")]
    [InlineData("up offset 5m")]
    public void A_match_is_one_selector(string query) => Assert.Throws<PromQueryException>(() => PromQuery.Selector(query, One, new()));

    [Fact]
    public void Too_much_is_refused_and_no_depth_ends_the_process()
    {
        Assert.Throws<PromQueryException>(() => PromQuery.Expression(new string('(', 8000) + "a" + new string(')', 8000), One, new()));
        Assert.Throws<PromQueryException>(() => PromQuery.Expression(string.Join("+", Enumerable.Repeat("a", 65)), One, new()));
        Assert.Throws<PromQueryException>(() => PromQuery.Expression(new string('a', 17_000), One, new()));
        Assert.StartsWith("- -", PromQuery.Expression(new string('-', 8000) + "a", One, new()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("team-a\"} or {x=\"")]
    [InlineData("team.*")]
    [InlineData("")]
    [InlineData("a|b")]
    public void A_namespace_that_is_no_name_never_gets_into_a_query(string name)
    {
        Assert.Throws<TelemetryQueryException>(() => new TenantMatchers(new([name])));
        Assert.Throws<TelemetryQueryException>(() => new TenantMatchers(new(["team-a"], new ObjectKey("team-a", name))));
        Assert.Throws<ArgumentException>(() => new TenantMatchers(new([])));
    }

    /// <summary>Whatever is put together from pieces of PromQL and of other things: what is not refused has as many matchers as selectors, and reads back to itself.</summary>
    [Fact]
    public void Pieces_in_any_order_are_refused_or_scoped()
    {
        var pieces = Gen.Elements(
            "up", "secret", "{", "}", "(", ")", "[5m]", "[1h:5m]", ",", "\"", "'", "`", "#", "\n", "\r", " ", "\\", "or", "and", "by", "on", "sum", "rate", "offset", "5m", "@", "1", "=", "=~", "!=", "+", "-",
            "__name__=\"x\"", "a=\"b\"", "clusterNamespace=~\".*\"", "group_left", "bool", "==", "é", "\u2028", "info", "\"x}\"", "# }\n", "`\"`", "start()", "{\"a b\"}", ":", "up{a=\"b\"}", "sum by (x) (up)", "rate(up[5m])");
        var read = 0;
        foreach (var query in pieces.ListOf().Select(list => string.Concat(list)).Sample(30_000, 12))
        {
            string scoped;
            try
            {
                scoped = PromQuery.Expression(query, One, new());
            }
            catch (PromQueryException)
            {
                continue;
            }
            read++;
            // Braces outside of texts are selectors', and each ends with the tenant's matchers.
            var bare = WithoutTexts(scoped.Replace(One.Text, "T", StringComparison.Ordinal));
            Assert.Equal(bare.Count(c => c == '{'), bare.Split("T}").Length - 1);
            Assert.DoesNotContain('#', bare);
            Assert.DoesNotContain('\'', bare);
            // What was written, without what was added, is what was read.
            Assert.Equal(scoped, PromQuery.Expression(scoped.Replace("," + One.Text, "", StringComparison.Ordinal).Replace(One.Text, "", StringComparison.Ordinal), One, new()));
        }
        Assert.True(read > 500, $"only {read} were PromQL");
    }

    private static string WithoutTexts(string query)
    {
        var bare = new StringBuilder();
        var inside = false;
        for (var i = 0; i < query.Length; i++)
            if (inside && query[i] == '\\')
                i++;
            else if (query[i] == '"')
                inside = !inside;
            else if (!inside)
                bare.Append(query[i]);
        return bare.ToString();
    }
}
