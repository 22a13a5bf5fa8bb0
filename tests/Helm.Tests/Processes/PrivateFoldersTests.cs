using Fleet.Helm.Processes;

namespace Fleet.Helm.Tests.Processes;

public sealed class PrivateFoldersTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("fleet-helm-test-").FullName;

    [Fact]
    public async Task Only_the_owner_can_read_and_all_is_gone_afterwards()
    {
        using var folders = new PrivateFolders(Options(), TimeProvider.System);
        string path;
        using (var folder = folders.Create())
        {
            path = await folder.WriteAsync("values.json", "secret"u8.ToArray(), CancellationToken.None);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folders.Root));
        }
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Dispose_removes_everything()
    {
        var folders = new PrivateFolders(Options(), TimeProvider.System);
        var root = folders.Root;
        folders.Create();
        folders.Dispose();
        Assert.False(Directory.Exists(root));
    }

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    private HelmOptions Options() => new() { Folder = _parent, SecretsFolder = _parent };
}
