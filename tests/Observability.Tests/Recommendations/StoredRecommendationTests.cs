using Fleet.Observability.Recommendations.Storage;

namespace Fleet.Observability.Tests.Recommendations;

public sealed class StoredRecommendationTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 9, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string?, double?, double, string> States => new()
    {
        { null, null, 0, "open" },
        { "dismissed", null, 400, "dismissed" },
        { "snoozed", 3, 2.9, "snoozed" },
        { "snoozed", 3, 3, "open" },
        { "applied", null, 1.9, "applied" },
        { "applied", null, 2.1, "open" },
    };

    /// <summary>A recommendation that is found again and again.</summary>
    [Theory, MemberData(nameof(States))]
    public void What_was_decided_holds_for_its_time(string? decided, double? untilDay, double day, string state)
    {
        var now = Noon.AddDays(day);
        var decision = decided is null ? null : new Decision(decided, untilDay is { } until ? Noon.AddDays(until) : null, "", "somebody", Noon);
        Assert.Equal(state, new StoredRecommendation("id", "uid", "team/prod", "rightsizing", "shop", Noon, now, "{}", decision).StateAt(now));
    }

    [Fact]
    public void What_was_applied_and_is_no_longer_found_stays_applied() => Assert.Equal(
        "applied", new StoredRecommendation("id", "uid", "team/prod", "rightsizing", "shop", Noon, Noon, "{}", new("applied", null, "", "somebody", Noon)).StateAt(Noon.AddDays(20)));
}
