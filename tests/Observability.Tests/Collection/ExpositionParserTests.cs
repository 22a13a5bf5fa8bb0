using System.Text;
using Fleet.Observability.Collection;
using FsCheck;
using FsCheck.Fluent;

namespace Fleet.Observability.Tests.Collection;

/// <summary>Answers of kubelets, well and broken.</summary>
public sealed class ExpositionParserTests
{
    [Fact]
    public void Samples_have_names_labels_values_and_times()
    {
        var read = Parse("""
            # HELP node_cpu_usage_seconds_total [STABLE] Cumulative
            # TYPE node_cpu_usage_seconds_total counter
            node_cpu_usage_seconds_total 1.2345e+06 1762000000123
            # a remark
            # TYPE container_memory_working_set_bytes gauge

            container_memory_working_set_bytes{container="a",namespace="n \"q\" \\ \n é", pod="p",} 7.3e+07
            	up{} -0
            """);
        Assert.Equal((0, 0, true), (read.Malformed, read.Unwanted, read.Complete));
        Assert.Equal(["node_cpu_usage_seconds_total", "container_memory_working_set_bytes", "up"], read.Samples.Select(s => s.Name));
        Assert.Equal((1_234_500d, DateTimeOffset.FromUnixTimeMilliseconds(1762000000123)), (read.Samples[0].Value, read.Samples[0].Time));
        Assert.Equal(("n \"q\" \\ \n é", null, null), (read.Samples[1].Label("namespace"), read.Samples[1].Label("none"), read.Samples[1].Time));
        Assert.Equal((MetricType.Counter, MetricType.Gauge), (read.Types["node_cpu_usage_seconds_total"], read.Types["container_memory_working_set_bytes"]));
    }

    [Theory]
    [InlineData("a 1", 1)]
    [InlineData("a\t1e3 ", 1000)]
    [InlineData("a {b=\"c\"} 1", 1)]
    [InlineData("a{b=\"c\"}1", 1)]
    [InlineData("a +Inf", double.PositiveInfinity)]
    [InlineData("a -inf", double.NegativeInfinity)]
    [InlineData("a NaN", double.NaN)]
    [InlineData("a{b=\"}\"} 2\r", 2)]
    [InlineData("a{b=\"\\q\"} 3", 3)]
    [InlineData("a .5 -1", 0.5)]
    public void What_Prometheus_reads_is_read(string line, double value) => Assert.Equal(value, Assert.Single(Parse(line).Samples).Value);

    [Theory]
    [InlineData("a")]
    [InlineData("1a 1")]
    [InlineData("a-b 1")]
    [InlineData("a one")]
    [InlineData("a 1e400")]
    [InlineData("a 0x10")]
    [InlineData("a 1 2 3")]
    [InlineData("a 1 soon")]
    [InlineData("a 1 1.5")]
    [InlineData("a 1 99999999999999999999")]
    [InlineData("a{b=\"c\" 1")]
    [InlineData("a{b=\"c\"")]
    [InlineData("a{b=\"c")]
    [InlineData("a{b=\"c\\")]
    [InlineData("a{b=c} 1")]
    [InlineData("a{b} 1")]
    [InlineData("a{:b=\"c\"} 1")]
    [InlineData("a{b=\"1\",b=\"2\"} 1")]
    [InlineData("a{b=\"1\" c=\"2\"} 1")]
    [InlineData("a{,} 1")]
    [InlineData("{a=\"b\"} 1")]
    [InlineData("# TYPE a")]
    public void A_line_that_cannot_be_read_is_counted_and_the_others_are_read(string line)
    {
        var read = Parse($"x 1\n{line}\ny 2\n");
        Assert.Equal((1, 2), (read.Malformed, Assert.Single(read.FirstBad).Number));
        Assert.Equal(["x", "y"], read.Samples.Select(s => s.Name));
        // The reason repeats nothing of what came from outside.
        Assert.DoesNotContain('"', read.FirstBad[0].Why);
    }

    [Fact]
    public void Labels_that_are_no_UTF8_are_malformed() =>
        Assert.Equal(1, ExpositionParser.Parse([.. "a{b=\""u8, 0xff, .. "\"} 1\n"u8]).Malformed);

    [Fact]
    public void OpenMetrics_has_seconds_exemplars_and_an_end()
    {
        const string Text = "# TYPE a counter\na_total{b=\"c # d\"} 5 1762000000.5 # {trace_id=\"x\"} 1 1762000000.1\n# EOF\nbehind 1\n";
        var read = ExpositionParser.Parse(Encoding.UTF8.GetBytes(Text), openMetrics: true);
        var sample = Assert.Single(read.Samples);
        Assert.Equal((5d, DateTimeOffset.FromUnixTimeMilliseconds(1762000000500), "c # d", true), (sample.Value, sample.Time, sample.Label("b"), read.Complete));
        Assert.False(ExpositionParser.Parse("a_total 5\n"u8, openMetrics: true).Complete);
        Assert.True(ExpositionParser.IsOpenMetrics("application/openmetrics-text; version=1.0.0; charset=utf-8"));
        Assert.False(ExpositionParser.IsOpenMetrics("text/plain; version=0.0.4"));
    }

    [Fact]
    public void What_is_not_wanted_is_counted_and_not_kept()
    {
        var read = ExpositionParser.Parse("# TYPE a counter\n# TYPE b counter\na 1\nb{c=\"d\"} 2\nb{c= 3\n"u8, wanted: new HashSet<string> { "a" });
        Assert.Equal((1, 1, 1, 1), (read.Samples.Count, read.Unwanted, read.Malformed, read.Types.Count));
    }

    [Fact]
    public void Limits_cut_off_and_say_so()
    {
        var long1 = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 1_000).Select(i => $"m{i} {i}\n")));
        var few = ExpositionParser.Parse(long1, limits: new() { MostSamples = 10 });
        Assert.Equal((10, true, false), (few.Samples.Count, few.CutOff, few.Complete));
        var bytes = ExpositionParser.Parse(long1, limits: new() { MostBytes = 23 });
        Assert.Equal((4, true, 0), (bytes.Samples.Count, bytes.CutOff, bytes.Malformed));
        Assert.False(ExpositionParser.Parse("m 1\n"u8, limits: new() { MostSamples = 1 }).CutOff);
        Assert.Equal(1, ExpositionParser.Parse(Encoding.UTF8.GetBytes($"m{{a=\"{new string('x', 100)}\"}} 1"), limits: new() { LongestLine = 50 }).Malformed);
        Assert.Equal(1, ExpositionParser.Parse("m{a=\"1\",b=\"2\",c=\"3\"} 1"u8, limits: new() { MostLabels = 2 }).Malformed);
    }

    [Fact]
    public void Whatever_is_written_is_read_back() => Check.QuickThrowOnFailure(Prop.ForAll(
        Arb.From(Gen.ArrayOf(Gen.Zip(Gen.Elements("a", "b_total", "c:rate5m", "_x9"), Gen.Zip(ArbMap.Default.GeneratorFor<string>(), ArbMap.Default.GeneratorFor<double>())))),
        samples =>
        {
            var wanted = samples.Select(s => (Name: s.Item1, Label: Clean(s.Item2.Item1), Value: s.Item2.Item2)).ToList();
            var text = string.Concat(wanted.Select(s => $"{s.Name}{{l=\"{Escape(s.Label)}\"}} {Number(s.Value)}\n"));
            var read = Parse(text);
            return read.Malformed == 0 && read.Samples.Select(s => (s.Name, s.Labels[0].Value, s.Value)).SequenceEqual(wanted);
        }));

    [Fact]
    public void Nothing_makes_it_throw_and_every_line_is_counted_once() => Check.QuickThrowOnFailure(Prop.ForAll(
        Arb.From(Gen.ArrayOf(Gen.OneOf(
            Gen.Elements("a", "{", "}", "\"", "\\", "=", ",", " ", "\n", "#", "# TYPE ", "# EOF", "1", "e", "NaN", "\0", "é", "\t", "-"),
            ArbMap.Default.GeneratorFor<string>().Select(Clean)))),
        parts =>
        {
            var text = string.Concat(parts);
            var bytes = Encoding.UTF8.GetBytes(text);
            foreach (var open in new[] { false, true })
            {
                var read = ExpositionParser.Parse(bytes, open);
                var lines = text.Split('\n').Count(l => l.Trim(' ', '\t', '\r').Length > 0);
                if (read.Samples.Count + read.Malformed > lines)
                    return false;
            }
            // Cut anywhere, also within a character.
            for (var i = 0; i < bytes.Length; i += 7)
                ExpositionParser.Parse(bytes.AsSpan(0, i));
            return true;
        }));

    private static Exposition Parse(string text) => ExpositionParser.Parse(Encoding.UTF8.GetBytes(text));

    /// <summary>Half a character has no UTF-8.</summary>
    private static string Clean(string? text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) => double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? value > 0 ? "+Inf" : "-Inf" : value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
