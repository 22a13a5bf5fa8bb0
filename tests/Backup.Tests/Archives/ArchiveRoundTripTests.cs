using System.Security.Cryptography;
using System.Text;
using Fleet.Backup.Archives;

namespace Fleet.Backup.Tests.Archives;

public sealed class ArchiveRoundTripTests
{
    [Fact]
    public async Task Every_part_comes_back_as_it_was_written()
    {
        var archive = await SampleArchive.WriteAsync(SampleArchive.Key);
        var manifest = await SampleArchive.VerifyAsync(archive);
        Assert.Equal(SampleArchive.Names, manifest.Parts.Select(part => part.Name));
        Assert.Equal(["Secret ns/gone"], manifest.Missing);
        foreach (var part in manifest.Parts)
        {
            var content = SampleArchive.ContentOf(part.Name);
            Assert.Equal(content, await SampleArchive.ReadAsync(archive, part.Name));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), part.Sha256);
            Assert.Equal(content.Length, part.Size);
            Assert.Equal(2, part.Objects);
        }
    }

    [Fact]
    public async Task Nothing_of_the_content_can_be_read_in_it()
    {
        var archive = Encoding.Latin1.GetString(await SampleArchive.WriteAsync(SampleArchive.Key));
        Assert.DoesNotContain("second", archive, StringComparison.Ordinal);
        Assert.DoesNotContain("ns/gone", archive, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_content_twice_is_not_the_same_bytes()
    {
        var first = await SampleArchive.WriteAsync(SampleArchive.Key, ["objects/a"]);
        var second = await SampleArchive.WriteAsync(SampleArchive.Key, ["objects/a"]);
        Assert.NotEqual(first, second);
        using var a = new MemoryStream(first);
        using var b = new MemoryStream(second);
        var headers = (await ArchiveHeader.ReadAsync(a, CancellationToken.None), await ArchiveHeader.ReadAsync(b, CancellationToken.None));
        Assert.NotEqual(headers.Item1.Id, headers.Item2.Id);
        Assert.NotEqual(headers.Item1.Key.Salt, headers.Item2.Key.Salt);
    }

    [Fact]
    public async Task A_passphrase_opens_what_it_closed()
    {
        var archive = await SampleArchive.WriteAsync(ArchiveSecret.FromPassphrase("correct horse battery"), ["objects/a"]);
        var manifest = await SampleArchive.VerifyAsync(archive, ArchiveSecret.FromPassphrase("correct horse battery"));
        Assert.Single(manifest.Parts);
    }

    [Theory]
    [InlineData("raw")]
    [InlineData("hex")]
    [InlineData("base64")]
    public async Task A_key_file_may_hold_its_key_as_tools_print_it(string form)
    {
        var key = Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef");
        byte[] file = form switch
        {
            "raw" => key,
            "hex" => Encoding.ASCII.GetBytes(Convert.ToHexString(key) + "\n"),
            _ => Encoding.ASCII.GetBytes(Convert.ToBase64String(key) + "\n"),
        };
        await SampleArchive.VerifyAsync(await SampleArchive.WriteAsync(SampleArchive.Key, ["objects/a"]), ArchiveSecret.FromKeyFile(file));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("zz23456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void A_key_file_that_is_none_is_refused_without_showing_it(string content)
    {
        var refused = Assert.Throws<FormatException>(() => ArchiveSecret.FromKeyFile(Encoding.ASCII.GetBytes(content)));
        if (content.Length > 0)
            Assert.DoesNotContain(content, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_passphrase_is_refused() => Assert.Throws<FormatException>(() => ArchiveSecret.FromPassphrase("hunter2"));

    [Fact]
    public void A_secret_does_not_print_itself() => Assert.Equal("ArchiveSecret(***)", ArchiveSecret.FromPassphrase("correct horse battery").ToString());

    /// <summary>Written by the first release of format 1 with the key of these tests. It must open for ever.</summary>
    [Fact]
    public async Task An_archive_of_format_1_is_read()
    {
        var archive = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Archives", "Fixtures", "format-1.fleetbackup"), TestContext.Current.CancellationToken);
        var manifest = await SampleArchive.VerifyAsync(archive);
        Assert.Equal(["objects/core/secrets", "objects/cluster.x-k8s.io/clusters", "objects/empty"], manifest.Parts.Select(part => part.Name));
        Assert.Equal(SampleArchive.ContentOf("objects/core/secrets"), await SampleArchive.ReadAsync(archive, "objects/core/secrets"));
    }
}
