using Fleet.Contracts.Conditions;

namespace Fleet.Contracts.Tests.Conditions;

public class ConditionSetTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ConditionType A = new("A");
    private static readonly ConditionType B = new("B");

    [Fact]
    public void Time_is_kept_while_the_status_stays()
    {
        var set = ConditionSet.Empty.With(Condition.False(A, Reason.Failed, "one"), Noon).With(Condition.False(A, Reason.Progressing, "two"), Noon.AddHours(1));
        Assert.Equal((Noon, "two"), (set.Find(A)!.LastTransitionTime, set.Find(A)!.Message));
    }

    [Fact]
    public void Time_moves_when_the_status_changes()
    {
        var set = ConditionSet.Empty.With(Condition.False(A, Reason.Failed, "one"), Noon).With(Condition.True(A, Reason.Succeeded), Noon.AddHours(1));
        Assert.Equal(Noon.AddHours(1), set.Find(A)!.LastTransitionTime);
    }

    [Fact]
    public void Order_is_that_of_first_appearance()
    {
        var set = ConditionSet.Empty.With(Condition.True(A, Reason.Succeeded), Noon).With(Condition.True(B, Reason.Succeeded), Noon)
            .With(Condition.False(A, Reason.Failed, ""), Noon);
        Assert.Equal([A, B], set.Select(condition => condition.Type));
    }

    [Fact]
    public void Owned_conditions_that_are_not_wanted_go_and_foreign_ones_stay()
    {
        var set = ConditionSet.Empty.With(Condition.True(A, Reason.Succeeded), Noon).With(Condition.True(B, Reason.Succeeded), Noon)
            .Replace(new HashSet<ConditionType> { A }, [], Noon);
        Assert.Equal([B], set.Select(condition => condition.Type));
    }
}
