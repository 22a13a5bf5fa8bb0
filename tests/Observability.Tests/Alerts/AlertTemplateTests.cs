using Fleet.Control.Alerts;

namespace Fleet.Observability.Tests.Alerts;

public sealed class AlertTemplateTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{{ $labels.cluster }}/{{$value}}", "web/0.9271")]
    [InlineData("{{ $value | humanizePercentage }}", "92.71%")]
    [InlineData("{{ .big | humanize }} {{ .age | humanizeDuration }} {{ .short | humanizeDuration }}", "1.235M 1d 2h 3m 1m 30s")]
    [InlineData("{{ $labels.cluster | upper }}{{ $labels.none }}.", "WEB.")]
    [InlineData("{{ $labels.cluster | humanize }}", "web")]
    [InlineData("}} {", "}} {")]
    public void Is_filled_in(string template, string text) => Assert.Equal(text, AlertTemplate.Parse(template).Render(place => place switch
    {
        "$labels.cluster" => "web", "$value" => "0.9271", ".big" => "1234567", ".age" => "93780", ".short" => "90", _ => null,
    }));

    [Theory]
    [InlineData("a {{ $labels.x", "{{ at character 3 has no }}")]
    [InlineData("{{ range .alerts }}", "{{ at character 1 holds no place such as $labels.cluster, $value or .groupLabels.alertname")]
    [InlineData("{{ }}", "{{ at character 1 holds no place such as $labels.cluster, $value or .groupLabels.alertname")]
    [InlineData("{{ $value | exec }}", "{{ at character 1: there is no exec, there are humanize, humanizePercentage, humanizeDuration, upper, lower")]
    [InlineData("{{ $value | upper | lower }}", "{{ at character 1 holds no place such as $labels.cluster, $value or .groupLabels.alertname")]
    public void Says_what_is_wrong(string template, string said) => Assert.Equal(said, Assert.Throws<FormatException>(() => AlertTemplate.Parse(template)).Message);

    [Fact]
    public void Does_not_grow_without_end()
    {
        var template = AlertTemplate.Parse(string.Concat(Enumerable.Repeat("{{ .x }}", 150)));
        Assert.Equal(AlertTemplate.Longest, template.Render(_ => new string('x', 4000)).Length);
        Assert.Throws<FormatException>(() => AlertTemplate.Parse(string.Concat(Enumerable.Repeat("{{ .x }}", 300))));
    }

    /// <summary>What a label says is text, also when it looks like a template.</summary>
    [Fact]
    public void What_is_filled_in_is_not_filled_in_again() => Assert.Equal("{{ $value }}", AlertTemplate.Parse("{{ $labels.x }}").Render(place => place == "$labels.x" ? "{{ $value }}" : "secret"));
}
