using Fleet.Backup.Targets;

namespace Fleet.Backup.Tests.Targets;

public sealed class FolderTargetTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fleet-backups-");

    private FolderTarget Target => new(Path.Combine(folder.FullName, "backups"));

    private static BackupName Name => BackupName.Parse("nightly-20261122030000");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task What_is_written_is_listed_read_and_deleted()
    {
        Assert.Empty(await Target.ListAsync(CancellationToken.None));
        await WriteAsync("content");
        var stored = Assert.Single(await Target.ListAsync(CancellationToken.None));
        Assert.Equal((Name, 7), (stored.Name, stored.Size));
        Assert.Equal("content", await ReadAsync());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Files())));
        Assert.True(await Target.DeleteAsync(Name, CancellationToken.None));
        Assert.False(await Target.DeleteAsync(Name, CancellationToken.None));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task A_backup_that_is_given_up_leaves_nothing()
    {
        await using (var upload = await Target.BeginAsync(Name, CancellationToken.None))
        {
            await upload.Content.WriteAsync(new byte[1000], TestContext.Current.CancellationToken);
            Assert.Empty(await Target.ListAsync(CancellationToken.None));
        }

        Assert.Empty(Files());
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused_at_once()
    {
        await WriteAsync("first");
        Assert.Equal(BackupTargetFault.Taken, (await Assert.ThrowsAsync<BackupTargetException>(() => Target.BeginAsync(Name, CancellationToken.None))).Fault);
        Assert.Equal("first", await ReadAsync());
    }

    [Fact]
    public async Task Of_two_writers_of_a_name_one_wins_and_the_other_is_told()
    {
        await using var first = await Target.BeginAsync(Name, CancellationToken.None);
        await using var second = await Target.BeginAsync(Name, CancellationToken.None);
        await first.Content.WriteAsync("first"u8.ToArray(), TestContext.Current.CancellationToken);
        await second.Content.WriteAsync("second"u8.ToArray(), TestContext.Current.CancellationToken);
        await second.CommitAsync(CancellationToken.None);
        Assert.Equal(BackupTargetFault.Taken, (await Assert.ThrowsAsync<BackupTargetException>(() => first.CommitAsync(CancellationToken.None))).Fault);
        Assert.Equal("second", await ReadAsync());
        await first.DisposeAsync();
        Assert.Single(Files());
    }

    [Fact]
    public async Task A_backup_that_is_not_there_is_said_to_be_missing() =>
        Assert.Equal(BackupTargetFault.NotFound, (await Assert.ThrowsAsync<BackupTargetException>(() => Target.OpenAsync(Name, CancellationToken.None))).Fault);

    [Fact]
    public async Task Other_files_of_the_folder_are_no_backups()
    {
        await WriteAsync("content");
        await File.WriteAllTextAsync(Path.Combine(Target.Shown, "README"), "mine", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Target.Shown, "UPPER.fleetbackup"), "mine", TestContext.Current.CancellationToken);
        Assert.Single(await Target.ListAsync(CancellationToken.None));
    }

    private string[] Files() => Directory.GetFiles(Target.Shown);

    private async Task WriteAsync(string content)
    {
        await using var upload = await Target.BeginAsync(Name, CancellationToken.None);
        await upload.Content.WriteAsync(System.Text.Encoding.UTF8.GetBytes(content));
        await upload.CommitAsync(CancellationToken.None);
    }

    private async Task<string> ReadAsync()
    {
        using var reader = new StreamReader(await Target.OpenAsync(Name, CancellationToken.None));
        return await reader.ReadToEndAsync();
    }
}
