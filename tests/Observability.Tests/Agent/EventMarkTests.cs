using Fleet.Observability.Agent;
using Fleet.Observability.History;

namespace Fleet.Observability.Tests.Agent;

public sealed class EventMarkTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Before_anything_was_told_everything_is_new()
    {
        Assert.True(new EventMark().IsNew(Row(1, Noon)));
        Assert.True(new EventMark().IsNew(Row(1, DateTimeOffset.MinValue)));
    }

    [Fact]
    public void Of_one_second_only_what_was_not_told_is_new_also_after_a_restart()
    {
        var mark = Restarted(Told(Row(1, Noon)));

        Assert.False(mark.IsNew(Row(1, Noon)));
        Assert.True(mark.IsNew(Row(2, Noon)));
    }

    [Fact]
    public void One_that_happened_again_is_new()
    {
        var mark = Restarted(Told(Row(1, Noon)));

        Assert.True(mark.IsNew(Row(1, Noon, count: 2)));
        Assert.True(mark.IsNew(Row(1, Noon.AddSeconds(1))));
    }

    [Fact]
    public void One_that_is_dated_a_little_before_the_latest_is_new_and_long_before_it_is_not()
    {
        var mark = Restarted(Told(Row(1, Noon)));

        Assert.True(mark.IsNew(Row(2, Noon - EventMark.Window)));
        Assert.False(mark.IsNew(Row(2, Noon - EventMark.Window - TimeSpan.FromSeconds(1))));
    }

    [Fact]
    public void An_older_one_that_comes_later_does_not_move_it_back()
    {
        var mark = Told(Row(1, Noon));
        mark.Tell([Row(2, Noon.AddHours(-1))], Noon);
        mark = Restarted(mark);

        Assert.False(mark.IsNew(Row(1, Noon)));
        Assert.False(mark.IsNew(Row(3, Noon.AddMinutes(-30))));
    }

    [Fact]
    public void One_that_is_dated_in_the_future_makes_nothing_old_and_is_told_once()
    {
        var mark = Restarted(Told(Row(1, Noon.AddYears(1))));

        Assert.True(mark.IsNew(Row(2, Noon.AddSeconds(1))));
        Assert.False(mark.IsNew(Row(1, Noon.AddYears(1))));
    }

    [Fact]
    public void It_does_not_grow_with_all_that_ever_happened()
    {
        var mark = new EventMark();
        for (var second = 0; second < 1000; second++)
            mark.Tell([Row(second, Noon.AddSeconds(second))], Noon.AddSeconds(second));

        Assert.Equal(1 + EventMark.Window.TotalSeconds + 1, mark.Write().Split('\n').Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    [InlineData("3155378975999999999\nno-uid 1 1")]
    [InlineData("3155378975999999999\n00000000-0000-0000-0000-000000000001 1")]
    public void A_file_that_cannot_be_read_has_told_nothing(string text) => Assert.True(EventMark.Read(text).IsNew(Row(1, Noon)));

    [Fact]
    public void A_file_of_before_has_the_time_alone()
    {
        var mark = EventMark.Read(Noon.UtcTicks.ToString(System.Globalization.CultureInfo.InvariantCulture));

        Assert.True(mark.IsNew(Row(1, Noon)));
        Assert.False(mark.IsNew(Row(1, Noon.AddMinutes(-1))));
    }

    private static EventMark Told(params EventRow[] rows)
    {
        var mark = new EventMark();
        mark.Tell(rows, Noon);
        return mark;
    }

    private static EventMark Restarted(EventMark mark) => EventMark.Read(mark.Write());

    private static EventRow Row(int id, DateTimeOffset lastSeen, int count = 1) =>
        new() { Uid = new Guid(id, 0, 0, new byte[8]), Namespace = "shop", Kind = "Pod", Name = "web", Type = "Normal", Reason = "Tested", Message = "", Count = count, LastSeen = lastSeen };
}
