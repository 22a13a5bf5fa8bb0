using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Fleet.Sources.Artifacts;

namespace Fleet.Sources.Tests.Artifacts;

public sealed class TarFilesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fleet-tar-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Plain_files_come_out_packed_or_not(bool packed)
    {
        await UnpackAsync(packed, File("a/b.yaml", "one"), File("./c.yaml", "two"), new PaxTarEntry(TarEntryType.Directory, "empty/"));
        Assert.Equal("one", await System.IO.File.ReadAllTextAsync(Path.Combine(folder, "a", "b.yaml")));
        Assert.Equal(["a/b.yaml", "c.yaml"], Names());
    }

    [Fact]
    public async Task A_link_that_stays_inside_is_left_out()
    {
        await UnpackAsync(false, File("a/b.yaml", "one"), Link("a/link", "b.yaml"), Link("a/up", "../c"));
        Assert.Equal(["a/b.yaml"], Names());
    }

    public static TheoryData<string, TarEntry[]> Tricks => new()
    {
        { "leads out", [Link("a", "/etc/passwd")] },
        { "leads out", [Link("a/b", "../../x")] },
        { "leads out", [new PaxTarEntry(TarEntryType.HardLink, "a") { LinkName = "../x" }] },
        { "leaves the artifact", [File("../x", "evil")] },
        { "not a path", [File("/etc/x", "evil")] },
        { "only plain files", [new PaxTarEntry(TarEntryType.CharacterDevice, "null")] },
        { "only plain files", [new PaxTarEntry(TarEntryType.Fifo, "pipe")] },
        { "twice", [File("a", "1"), File("./a", "2")] },
        { "below a file", [File("a", "1"), File("a/b", "2")] },
        { "a file and a folder", [File("a/b", "2"), File("a", "1")] },
    };

    [Theory, MemberData(nameof(Tricks))]
    public async Task A_trick_refuses_the_whole_archive(string says, TarEntry[] entries)
    {
        var e = await Assert.ThrowsAsync<InvalidDataException>(() => UnpackAsync(false, entries));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(Path.Combine(Path.GetDirectoryName(folder)!, "x")));
    }

    [Fact]
    public async Task In_memory_the_same_checks_apply()
    {
        var files = await ArchiveFiles.ReadAsync(Archive(File("a/b.yaml", "one"), Link("a/link", "b.yaml")), new(), "Secret x", CancellationToken.None);
        Assert.Equal(["a/b.yaml"], files.Keys);
        Assert.Equal("one", Encoding.UTF8.GetString(files["a/b.yaml"]));
        foreach (var bad in new[] { Archive(File("../x", "evil")), Archive(Link("a", "/etc/passwd")), "no archive"u8.ToArray(), [0x1f, 0x8b, 0] })
        {
            var e = await Assert.ThrowsAsync<SourceException>(() => ArchiveFiles.ReadAsync(bad, new(), "Secret x", CancellationToken.None));
            Assert.Equal(SourceErrorKind.Refused, e.Kind);
            Assert.StartsWith("Secret x: the archive is refused", e.Message, StringComparison.Ordinal);
        }
        var bomb = Archive(File("a", new string('x', 1000)));
        await Assert.ThrowsAsync<SourceException>(() => ArchiveFiles.ReadAsync(bomb, new() { MaxFileBytes = 10 }, "x", CancellationToken.None));
    }

    [Fact]
    public async Task Too_many_files_too_large_ones_and_too_much_are_refused()
    {
        var limits = new ArtifactLimits { MaxFiles = 2, MaxFileBytes = 10, MaxBytes = 15 };
        await Assert.ThrowsAsync<InvalidDataException>(() => UnpackAsync(false, limits, File("1", ""), File("2", ""), File("3", "")));
        await Assert.ThrowsAsync<InvalidDataException>(() => UnpackAsync(false, limits, File("large", new string('x', 11))));
        await Assert.ThrowsAsync<InvalidDataException>(() => UnpackAsync(false, limits, File("a", new string('x', 9)), File("b", new string('x', 9))));
    }

    [Fact]
    public async Task A_bomb_is_noticed_before_it_is_unpacked()
    {
        var e = await Assert.ThrowsAsync<InvalidDataException>(() => UnpackAsync(true, File("zeros", new string('\0', 20_000_000))));
        Assert.Contains("no chart has", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_wanted_is_neither_written_nor_counted()
    {
        await using var archive = Tar(false, [File("keep", "1"), File("other", new string('x', 100))]);
        await TarFiles.UnpackAsync(archive, folder, new() { MaxFileBytes = 10 }, path => path == "keep", CancellationToken.None);
        Assert.Equal(["keep"], Names());
    }

    private IEnumerable<string> Names() =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal);

    private Task UnpackAsync(bool packed, params TarEntry[] entries) => UnpackAsync(packed, ArtifactLimits.Default, entries);

    private async Task UnpackAsync(bool packed, ArtifactLimits limits, params TarEntry[] entries)
    {
        await using var archive = Tar(packed, entries);
        await TarFiles.UnpackAsync(archive, folder, limits, _ => true, CancellationToken.None);
    }

    private static byte[] Archive(params TarEntry[] entries) => Tar(true, entries).ToArray();

    private static MemoryStream Tar(bool packed, TarEntry[] entries)
    {
        var bytes = new MemoryStream();
        using (var target = packed ? (Stream)new GZipStream(bytes, CompressionLevel.SmallestSize, leaveOpen: true) : new BufferedStream(bytes))
        using (var tar = new TarWriter(target, leaveOpen: true))
            foreach (var entry in entries) tar.WriteEntry(entry);
        return new MemoryStream(bytes.ToArray());
    }

    private static PaxTarEntry File(string name, string content) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) };

    private static PaxTarEntry Link(string name, string target) => new(TarEntryType.SymbolicLink, name) { LinkName = target };
}
