using Fleet.ClusterManager.Deletion;
using Fleet.Testing.Time;

namespace Fleet.ClusterManager.Tests.Deletion;

public class DeletionTimerTests
{
    private readonly ManualTimeProvider clock = new();

    public static TheoryData<string, int> Jumps =>
        [.. from phase in Enum.GetNames<DeletionPhase>() from hours in (int[])[5, -5] select new TheoryDataRow<string, int>(phase, hours)];

    [Theory, MemberData(nameof(Jumps))]
    public void A_jump_by_hours_does_nothing_to_the_deadline_of_any_phase(string phase, int hours)
    {
        var limit = TimeSpan.FromMinutes(4);
        var timer = new DeletionTimer(clock, null);
        timer.Enter(Enum.Parse<DeletionPhase>(phase), []);
        clock.Jump(TimeSpan.FromHours(hours));
        Assert.False(timer.Waited.IsOver(phase, limit));
        clock.Advance(TimeSpan.FromMinutes(3));
        Assert.False(timer.Waited.IsOver(phase, limit));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(timer.Waited.IsOver(phase, limit));
    }
}
