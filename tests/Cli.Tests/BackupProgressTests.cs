using Fleet.Cli.Commands.Backups;

namespace Fleet.Cli.Tests;

public sealed class BackupProgressTests
{
    // Seconds and how much was done then; of how much; how many seconds are left at the last of them, -1: not known.
    [Theory]
    [InlineData("", 100, -1)]
    [InlineData("0:0", 100, -1)]
    [InlineData("0:0 10:0", 100, -1)]
    [InlineData("0:0 0.5:50", 100, -1)]
    [InlineData("0:0 10:50", 100, 10)]
    [InlineData("0:0 10:25", 100, 30)]
    [InlineData("0:0 10:100", 100, 0)]
    [InlineData("0:0 10:120", 100, 0)]
    // It is the pace of the last half minute that counts, not that of long ago.
    [InlineData("0:0 10:900 50:901 60:902 70:903", 1000, 970)]
    // Standing still makes the rest longer.
    [InlineData("0:0 10:50 20:50", 100, 20)]
    // Another round of the same begins anew.
    [InlineData("0:0 10:100 11:0", 100, -1)]
    [InlineData("0:0 10:100 11:0 13:50", 100, 2)]
    [InlineData("0:0 30:1", 1000000, 356400)]
    public void What_is_left_follows_from_the_pace(string told, long total, double expected)
    {
        var (pace, now) = (new WorkPace(), TimeSpan.Zero);
        foreach (var sample in told.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split(':')))
        {
            now = TimeSpan.FromSeconds(double.Parse(sample[0], System.Globalization.CultureInfo.InvariantCulture));
            pace = pace.Told(now, long.Parse(sample[1], System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.Equal(expected, pace.Left(now, total)?.TotalSeconds ?? -1, 3);
    }

    [Fact]
    public void Many_reports_are_thinned_out_and_the_pace_stays()
    {
        var pace = new WorkPace();
        for (var number = 0; number <= 10_000; number++)
            pace = pace.Told(TimeSpan.FromMilliseconds(number), number);
        Assert.Equal(10, pace.Left(TimeSpan.FromSeconds(10), 20_000)!.Value.TotalSeconds, 1);
    }

    [Theory]
    [InlineData(0, "done")]
    [InlineData(0.2, "1 s left")]
    [InlineData(90, "90 s left")]
    [InlineData(91, "2 min left")]
    [InlineData(5400, "90 min left")]
    [InlineData(5520, "1 h 32 min left")]
    public void It_is_told_as_people_count(double seconds, string expected) => Assert.Equal(expected, WorkPace.Words(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Without_a_terminal_there_are_plain_lines_now_and_then_and_none_about_what_is_over_at_once()
    {
        using var output = new StringWriter();
        var clock = new Clock();
        var progress = new BackupProgress(null, output, clock);
        var (snapshot, restore, bytes) = (progress.Snapshot(), progress.Restore(), progress.Bytes("read back"));
        snapshot.Report(new("definitions", 1, 3, 12));
        Assert.Equal("", output.ToString());
        for (var second = 1; second <= 20; second++)
        {
            clock.Seconds = second;
            restore.Report(new("restored", second, 40));
        }

        bytes.Report((0, 4096));
        clock.Seconds = 24;
        bytes.Report((1024, 4096));
        snapshot.Report(new("regions/west/definitions", 1, 3, 12, "west"));
        clock.Seconds = 30;
        snapshot.Report(new("regions/west/objects", 2, 3, 20, "west"));
        Assert.Equal(
            ["restored: 3 of 40 objects, 37 s left", "restored: 13 of 40 objects, 27 s left", "read back: 1 KiB of 4 KiB, 12 s left", "taken of Region west: 20 objects, 6 s left"],
            output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r')));
    }

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
