using Fleet.Control.Ownership;
using Fleet.Control.Ownership.Pinning;
using Fleet.Kubernetes.Objects;

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

    [Fact]
    public void Pools_and_pins_stand_around_the_slots()
    {
        var slots = Assignment.Empty.Slots.Concat(Enumerable.Repeat(SlotOwner.None, 2 * Slots.PerPool)).ToArray();
        slots[0] = new("a_1", 12);
        slots[576] = new("b_2", 13);
        var pins = new PinTable(["east", "west"], new Dictionary<ObjectKey, Pin>
        {
            [new("team", "b")] = new("east") { Next = "", Asked = 7 },
            [new("team", "a")] = new("west"),
            [new("team", "c")] = new("") { Next = "west", Asked = 8 },
        });
        var table = new Assignment(9, slots) { Pins = pins };
        var text = AssignmentText.Write(table);
        Assert.Equal(
            """
            pool 512 east
            pool 576 west
            0 a_1 12
            576 b_2 13
            pin team/a west
            pin team/b east -> - 7
            pin team/c - -> west 8

            """, text);
        Assert.True(AssignmentText.Read(9, text).IsSameAs(table));
    }

    [Theory]
    [InlineData("512 a 1")]
    [InlineData("pool 512 east\n576 a 1")]
    [InlineData("pool 513 east")]
    [InlineData("pool 512 east\npool 576 east")]
    [InlineData("pin team/a east")]
    [InlineData("pool 512 east\npin team east")]
    [InlineData("pool 512 east\npin team/a east -> west 7")]
    [InlineData("pool 512 east\npin team/a east -> - x")]
    [InlineData("pool 512 east\npin team/a east\npin team/a -")]
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
