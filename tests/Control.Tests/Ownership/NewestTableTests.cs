using Fleet.Control.Ownership;

namespace Fleet.Control.Tests.Ownership;

public sealed class NewestTableTests
{
    private readonly NewestTable newest = new();

    [Fact]
    public void Without_any_there_is_none() => Assert.Null(newest.Among(null));

    [Fact]
    public void A_table_that_is_gone_or_older_does_not_bring_back_what_was_superseded()
    {
        newest.Among(Row(3));
        var fifth = Row(5);
        Assert.Same(fifth, newest.Among(fifth));
        Assert.Same(fifth, newest.Among(null));
        Assert.Same(fifth, newest.Among(Row(3)));
        Assert.Equal(6, newest.Among(Row(6))!.Table.Generation);
    }

    [Fact]
    public void The_same_generation_under_another_version_is_taken_for_its_version() =>
        Assert.Equal("8", (newest.Among(Row(5)), newest.Among(Row(5) with { Version = "8" })).Item2!.Version);

    [Fact]
    public void One_that_cannot_be_read_is_told()
    {
        newest.Among(Row(5));
        Assert.NotNull(newest.Among(new("9", Assignment.Empty, "not a table"))!.Trouble);
        Assert.Equal(5, newest.Among(null)!.Table.Generation);
    }

    private static TableRow Row(long generation) => new($"{generation}", Assignment.Empty with { Generation = generation }, null);
}
