using Fleet.Control.Ownership;

namespace Fleet.Control.Tests.Ownership;

public sealed class AssignmentTextTests
{
    [Fact]
    public void What_is_written_is_read_again()
    {
        var slots = Assignment.Empty.Slots.ToArray();
        slots[0] = new("a_1", 12);
        slots[511] = new("b_2", long.MaxValue) { Next = "a_1", Asked = 7 };
        var text = AssignmentText.Write(new(7, slots));
        Assert.Equal("0 a_1 12\n511 b_2 9223372036854775807 -> a_1 7\n", text);
        Assert.Equal(slots, AssignmentText.Read(7, text).Slots);
    }

    [Theory]
    [InlineData("512 a 1")]
    [InlineData("-1 a 1")]
    [InlineData("1 a")]
    [InlineData("1 a x")]
    [InlineData("1 a 1 -> b")]
    [InlineData("1 a 1 to b 2")]
    [InlineData("1 a 1\n1 b 2")]
    public void What_somebody_else_wrote_is_refused_with_the_line(string text)
    {
        var refused = Assert.Throws<FormatException>(() => AssignmentText.Read(1, text));
        Assert.Contains(text.Split('\n')[^1], refused.Message, StringComparison.Ordinal);
    }
}
