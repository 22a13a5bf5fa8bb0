using System.Text.Json.Nodes;
using Fleet.Control.Durations;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.Tests.Services;

public sealed class ServicePartsTests
{
    [Theory]
    [InlineData("5m", 300)]
    [InlineData("1h30m", 5400)]
    [InlineData("1.5s", 1.5)]
    [InlineData("250ms", 0.25)]
    [InlineData("5m0s", 300)]
    public void Go_durations_are_read(string text, double seconds)
    {
        Assert.True(GoDuration.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds, 6);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("5")]
    [InlineData("5 m")]
    [InlineData("five")]
    [InlineData("-5m")]
    public void Other_text_is_no_duration(string? text) => Assert.False(GoDuration.TryParse(text, out _));

    [Fact]
    public void A_service_wins_over_its_template_and_atomic_is_never_forced()
    {
        var options = ReleaseOptionsFrom.Both(
            new() { Wait = true, UpgradeOptions = new() { MaxHistory = 9 } },
            new() { Wait = false, Timeout = "90s", InstallOptions = new() { CreateNamespace = false }, UpgradeOptions = new() { MaxHistory = 1, Force = true } });
        Assert.True(options.Wait);
        Assert.False(options.Atomic);
        Assert.Equal(TimeSpan.FromSeconds(90), options.Timeout);
        Assert.False(options.Install.CreateNamespace);
        Assert.Equal((9, true), (options.Upgrade.MaxHistory, options.Upgrade.Force));
        Assert.True(ReleaseOptionsFrom.Both(null, null).Install.CreateNamespace);
    }

    [Fact]
    public void Inline_values_win_over_sources_in_their_order()
    {
        var merged = ServiceValues.Merge([Layer("x: 1\nm: {p: 1}"), Layer("x: 2\nm: {q: 2}"), Layer("m:\n  p: 3")]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"x":2,"m":{"p":3,"q":2}}"""), merged), merged.ToJsonString());
    }

    private static ValuesLayer Layer(string text) => new(ValuesOrigin.Inline, ServiceValues.Parse("values", text));

    [Theory]
    [InlineData("- a\n- b", "a map is expected")]
    [InlineData("a: [", "values: ")]
    public void Values_that_are_no_map_are_refused(string text, string message)
    {
        var error = Assert.Throws<ServiceValuesException>(() => ServiceValues.Parse("values", text));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abc@3", "abc", 3)]
    [InlineData("abc@12", "abc", 12)]
    public void The_hash_holds_fingerprint_and_revision(string text, string fingerprint, int revision)
    {
        Assert.Equal(new DeployedHash(fingerprint, revision), DeployedHash.Parse(text));
        Assert.Equal(text, new DeployedHash(fingerprint, revision).ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("abc")]
    [InlineData("@3")]
    [InlineData("abc@x")]
    public void A_hash_of_another_origin_is_none(string? text) => Assert.Null(DeployedHash.Parse(text));
}
