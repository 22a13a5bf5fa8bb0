using Fleet.Backup.Targets;

namespace Fleet.Backup.Tests.Targets;

public sealed class RetentionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, null, "")]
    [InlineData(3, null, "d5 d4 d3")]
    [InlineData(1, null, "d5 d4 d3 d2 d1")]
    [InlineData(0, null, "d5 d4 d3 d2 d1")]
    [InlineData(null, 3, "d5 d4")]
    [InlineData(5, 2, "d5 d4 d3")]
    [InlineData(2, 30, "d5 d4 d3 d2")]
    [InlineData(9, null, "")]
    public void Count_and_age_bound_what_is_kept_and_the_newest_stays(int? count, int? days, string expected) =>
        Assert.Equal(expected, Due(new(count, days is { } d ? TimeSpan.FromDays(d) : null), [.. Enumerable.Range(0, 6).Select(age => Backup(age))]));

    [Fact]
    public void The_newest_stays_however_old_it_is() => Assert.Equal("d90", Due(new(null, TimeSpan.FromDays(30)), [Backup(60), Backup(90)]));

    [Fact]
    public void What_is_locked_is_not_asked_for() => Assert.Equal("d3", Due(new(1, null), [Backup(0), Backup(2) with { RetainedUntil = Now.AddDays(1) }, Backup(3) with { RetainedUntil = Now.AddDays(-1) }]));

    [Theory]
    [InlineData("nightly-20261122030000", true)]
    [InlineData("nightly-2026112203000", false)]
    [InlineData("nightly-before-upgrade-20261122030000", false)]
    [InlineData("nightly", false)]
    [InlineData("other-20261122030000", false)]
    public void Only_what_a_schedule_made_is_its_own(string name, bool expected)
    {
        Assert.Equal(expected, BackupName.Parse(name).IsOf("nightly"));
        Assert.Equal("nightly-20261122030000", BackupName.At("nightly", Now).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../etc")]
    [InlineData("a/b")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("A")]
    public void A_name_that_could_lead_elsewhere_is_none(string name) => Assert.Throws<FormatException>(() => BackupName.Parse(name));

    private static string Due(Retention retention, StoredBackup[] stored) => string.Join(' ', retention.Due(stored, Now).Select(backup => backup.Name.Text));

    private static StoredBackup Backup(int days) => new(BackupName.Parse($"d{days}"), 1, Now.AddDays(-days));
}
