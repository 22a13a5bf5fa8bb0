using Fleet.Reliability.Tests.Laboratory;

namespace Fleet.Reliability.Tests;

/// <summary>A checker that finds nothing proves nothing: each rule is shown a history that breaks it.</summary>
public sealed class HistoryCheckerTests
{
    [Fact]
    public void A_history_in_which_owners_follow_each_other_is_well() =>
        Assert.Empty(Check(3, 20, Try("a", 10, 1), Done("a", 10, 1, 101), Try("a", 10, 2), Try("b", 20, 2), Done("b", 20, 2, 102), Refused("a", 10, 2), Try("b", 20, 3), Done("b", 20, 3, 103)));

    [Fact]
    public void A_write_whose_answer_was_lost_may_have_happened() =>
        Assert.Empty(Check(3, 20, Try("a", 10, 1), Done("a", 10, 1, 101), Try("a", 10, 2), Try("b", 20, 3), Done("b", 20, 3, 105)));

    [Fact]
    public void A_write_of_an_old_owner_is_found() =>
        Assert.Contains("an older one", Assert.Single(Check(3, 20, Try("b", 20, 1), Done("b", 20, 1, 101), Try("a", 10, 2), Done("a", 10, 2, 102), Try("b", 20, 3), Done("b", 20, 3, 103))), StringComparison.Ordinal);

    [Fact]
    public void A_write_that_was_lost_is_found() =>
        Assert.Contains("acknowledged and lost", Assert.Single(Check(1, 20, Try("a", 10, 1), Done("a", 10, 1, 101), Try("b", 20, 1), Done("b", 20, 1, 102))), StringComparison.Ordinal);

    [Fact]
    public void A_write_of_nobody_is_found() =>
        Assert.Contains("nobody wrote count 2", Assert.Single(Check(3, 10, Try("a", 10, 1), Done("a", 10, 1, 101), Try("a", 10, 3), Done("a", 10, 3, 103))), StringComparison.Ordinal);

    [Fact]
    public void A_gap_is_not_filled_by_who_was_superseded_before_it() =>
        Assert.Contains(
            "nobody wrote count 2",
            Assert.Single(Check(3, 20, Try("a", 10, 2), Try("b", 20, 1), Done("b", 20, 1, 101), Try("b", 20, 3), Done("b", 20, 3, 103))), StringComparison.Ordinal);

    [Fact]
    public void Two_owners_of_one_epoch_are_found() =>
        Assert.Contains("more than one process", Assert.Single(Check(2, 10, Try("a", 10, 1), Done("a", 10, 1, 101), Try("b", 10, 2), Done("b", 10, 2, 102))), StringComparison.Ordinal);

    [Fact]
    public void Two_owners_of_one_epoch_are_found_also_when_each_writes_to_another_store() =>
        Assert.Contains(
            "more than one process",
            Assert.Single(HistoryChecker.Check(
                [Try("a", 10, 1), Done("a", 10, 1, 101), Try("b", 10, 1) with { Store = "rows" }, Done("b", 10, 1, 1) with { Store = "rows" }], [new("api", "one", 1, 10), new("rows", "one", 1, 10)])),
            StringComparison.Ordinal);

    [Fact]
    public void An_end_before_what_was_acknowledged_is_found() =>
        Assert.Contains("ends with count 1", Assert.Single(Check(1, 10, Try("a", 10, 1), Done("a", 10, 1, 101), Try("a", 10, 2), Done("a", 10, 2, 102))), StringComparison.Ordinal);

    [Fact]
    public void An_end_that_nobody_wrote_is_found() =>
        Assert.Contains("which nobody wrote", Assert.Single(Check(2, 10, Try("a", 10, 1), Done("a", 10, 1, 101))), StringComparison.Ordinal);

    [Fact]
    public void A_store_that_has_nothing_of_what_was_written_is_found() =>
        Assert.Contains("rows/one: is gone", Assert.Single(Check(1, 10, Try("a", 10, 1), Done("a", 10, 1, 101), Try("a", 10, 1) with { Store = "rows" })), StringComparison.Ordinal);

    [Fact]
    public void What_was_made_anew_under_its_name_is_found() =>
        Assert.Contains(
            "made anew",
            Assert.Single(Check(2, 10, Try("a", 10, 1), Done("a", 10, 1, 101) with { Id = "x" }, Try("a", 10, 2), Done("a", 10, 2, 102) with { Id = "y" })), StringComparison.Ordinal);

    [Fact]
    public void What_was_made_anew_after_the_last_write_is_found() =>
        Assert.Contains(
            "made anew",
            Assert.Single(HistoryChecker.Check([Try("a", 10, 1), Done("a", 10, 1, 101) with { Id = "x" }], [new("api", "one", 1, 10, "y")])), StringComparison.Ordinal);

    [Fact]
    public void What_is_wanted_and_was_not_applied_is_found() =>
        Assert.Contains(
            "\"new\" is wanted",
            Assert.Single(HistoryChecker.Check(
                [Try("a", 10, 1), Done("a", 10, 1, 101)], [new("api", "one", 1, 10, Applied: "old")], new Dictionary<string, string> { ["one"] = "new" })), StringComparison.Ordinal);

    private static IReadOnlyList<string> Check(long count, long epoch, params WriteRecord[] history) => HistoryChecker.Check(history, [new("api", "one", count, epoch)]);

    private static WriteRecord Try(string replica, long epoch, long count) => new(replica, 1, "try", "api", "one", epoch, count, null);

    private static WriteRecord Done(string replica, long epoch, long count, int version) => new(replica, 1, "done", "api", "one", epoch, count, $"{version}");

    private static WriteRecord Refused(string replica, long epoch, long count) => new(replica, 1, "refused", "api", "one", epoch, count, null);
}
