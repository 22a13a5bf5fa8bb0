using System.Buffers.Binary;
using System.Text;
using Fleet.Backup.Archives;

namespace Fleet.Backup.Tests.Archives;

/// <summary>What is not as it was written is refused, and the refusal names the part.</summary>
public sealed class DamagedArchiveTests
{
    [Fact]
    public async Task Another_key_is_told_from_damage()
    {
        var archive = await SampleArchive.WriteAsync(SampleArchive.Key, ["objects/a"]);
        var refused = await RefusedAsync(archive, ArchiveSecret.FromKey(new byte[32]));
        Assert.Equal(ArchiveFault.WrongKey, refused.Fault);
        Assert.Equal(ArchiveFault.WrongKey, (await RefusedAsync(archive, ArchiveSecret.FromPassphrase("correct horse battery"))).Fault);

        var withPassphrase = await SampleArchive.WriteAsync(ArchiveSecret.FromPassphrase("correct horse battery"), ["objects/a"]);
        Assert.Equal(ArchiveFault.WrongKey, (await RefusedAsync(withPassphrase, ArchiveSecret.FromPassphrase("correct horse batterY"))).Fault);
        Assert.Equal(ArchiveFault.WrongKey, (await RefusedAsync(withPassphrase, SampleArchive.Key)).Fault);
    }

    [Fact]
    public async Task A_flipped_bit_anywhere_is_noticed()
    {
        var archive = await SampleArchive.WriteAsync(SampleArchive.Key, SampleArchive.Names[..3]);
        for (var place = 0; place < archive.Length; place++)
        {
            archive[place] ^= 0x10;
            await RefusedAsync(archive);
            archive[place] ^= 0x10;
        }

        await SampleArchive.VerifyAsync(archive);
    }

    [Fact]
    public async Task A_flipped_bit_is_reported_with_its_part()
    {
        var archive = await SampleArchive.WriteAsync(SampleArchive.Key);
        var manifest = await SampleArchive.VerifyAsync(archive);
        foreach (var part in manifest.Parts)
        {
            var place = part.Offset + part.StoredSize - 1;
            archive[place] ^= 1;
            Assert.Equal(part.Name, (await RefusedAsync(archive)).Part);
            archive[place] ^= 1;
        }
    }

    [Fact]
    public async Task An_archive_that_ends_early_is_refused_wherever_it_ends()
    {
        var archive = await SampleArchive.WriteAsync(SampleArchive.Key, SampleArchive.Names[..3]);
        for (var length = 0; length < archive.Length; length++)
            await RefusedAsync(archive[..length]);
    }

    [Fact]
    public async Task An_archive_that_ends_early_is_reported_with_the_part_in_which_it_ends()
    {
        var archive = await SampleArchive.WriteAsync(SampleArchive.Key);
        foreach (var part in (await SampleArchive.VerifyAsync(archive)).Parts)
        {
            var refused = await RefusedAsync(archive[..(int)(part.Offset + part.StoredSize - 5)]);
            Assert.Equal((ArchiveFault.Truncated, part.Name), (refused.Fault, refused.Part));
        }
    }

    [Fact]
    public async Task Parts_that_changed_places_are_refused()
    {
        var archive = await SampleArchive.WriteAsync(SampleArchive.Key, ["objects/first", "objects/other"]);
        var parts = (await SampleArchive.VerifyAsync(archive)).Parts;
        Assert.Equal(parts[0].StoredSize, parts[1].StoredSize);
        byte[] swapped =
        [
            .. archive[..(int)parts[0].Offset], .. BytesOf(archive, parts[1]), .. BytesOf(archive, parts[0]), .. archive[(int)(parts[1].Offset + parts[1].StoredSize)..],
        ];
        Assert.Equal("objects/first", (await RefusedAsync(swapped)).Part);
    }

    [Fact]
    public async Task A_part_under_the_name_of_another_is_refused()
    {
        var archive = await SampleArchive.WriteAsync(SampleArchive.Key, ["objects/first", "objects/other"]);
        var parts = (await SampleArchive.VerifyAsync(archive)).Parts;

        // The name alone, in the frame.
        var renamed = archive.ToArray();
        Encoding.UTF8.GetBytes("objects/other", renamed.AsSpan((int)parts[0].Offset + 3));
        Assert.Equal("objects/first", (await RefusedAsync(renamed)).Part);

        // The content of the second with the name of the first: everything that is not authenticated is as it should be.
        var content = BytesOf(archive, parts[1]);
        Encoding.UTF8.GetBytes("objects/first", content.AsSpan(3));
        content.CopyTo(renamed, parts[0].Offset);
        var refused = await RefusedAsync(renamed);
        Assert.Equal((ArchiveFault.Damaged, "objects/first"), (refused.Fault, refused.Part));
    }

    [Fact]
    public async Task Chunks_of_a_part_in_another_order_are_refused()
    {
        var archive = await SampleArchive.WriteAsync(SampleArchive.Key, ["postgresql/fleet"]);
        var part = Assert.Single((await SampleArchive.VerifyAsync(archive)).Parts);
        var first = (int)part.Offset + 3 + part.Name.Length;
        const int Chunk = 4 + ArchiveFormat.ChunkBytes + ArchiveFormat.TagBytes;
        byte[] reordered = [.. archive[..first], .. archive[(first + Chunk)..(first + (2 * Chunk))], .. archive[first..(first + Chunk)], .. archive[(first + (2 * Chunk))..]];
        Assert.Equal(archive.Length, reordered.Length);
        Assert.Equal(part.Name, (await RefusedAsync(reordered)).Part);
    }

    [Fact]
    public async Task A_part_that_was_left_out_is_missed()
    {
        var archive = await SampleArchive.WriteAsync(SampleArchive.Key, ["objects/first", "objects/other"]);
        var parts = (await SampleArchive.VerifyAsync(archive)).Parts;
        byte[] without = [.. archive[..(int)parts[1].Offset], .. archive[(int)(parts[1].Offset + parts[1].StoredSize)..]];
        // Also with a trailer that points to the right place.
        var trailer = without.Length - ArchiveFormat.TrailerBytes;
        BinaryPrimitives.WriteInt64BigEndian(without.AsSpan(trailer + 5), BinaryPrimitives.ReadInt64BigEndian(without.AsSpan(trailer + 5)) - parts[1].StoredSize);
        await RefusedAsync(without);
        BinaryPrimitives.WriteInt32BigEndian(without.AsSpan(trailer + 1), 1);
        Assert.Equal(ArchiveFormat.ManifestName, (await RefusedAsync(without)).Part);
    }

    [Fact]
    public async Task A_part_of_another_archive_with_the_same_key_is_refused()
    {
        var archive = await SampleArchive.WriteAsync(SampleArchive.Key, ["objects/first"]);
        var other = await SampleArchive.WriteAsync(SampleArchive.Key, ["objects/first"]);
        var part = Assert.Single((await SampleArchive.VerifyAsync(archive)).Parts);
        BytesOf(other, Assert.Single((await SampleArchive.VerifyAsync(other)).Parts)).CopyTo(archive, part.Offset);
        Assert.Equal("objects/first", (await RefusedAsync(archive)).Part);
    }

    [Fact]
    public async Task A_newer_format_is_refused_before_anything_else_is_looked_at()
    {
        byte[] header = Encoding.UTF8.GetBytes("""{"formatVersion":2,"somethingElse":true}""");
        byte[] archive = [.. ArchiveFormat.Magic, 0, 0, 0, (byte)header.Length, .. header];
        var refused = await RefusedAsync(archive);
        Assert.Equal(ArchiveFault.TooNew, refused.Fault);
        Assert.Contains("format 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_writer_that_died_leaves_nothing_that_looks_whole()
    {
        using var target = new MemoryStream();
        using (var writer = await ArchiveWriter.StartAsync(target, SampleArchive.Key, SampleArchive.Now, TestContext.Current.CancellationToken))
        {
            await Assert.ThrowsAsync<IOException>(() => writer.WriteAsync(
                new("objects/a", PartContent.Objects),
                async stream =>
                {
                    await stream.WriteAsync(SampleArchive.Noise(1000));
                    throw new IOException("the API server is gone");
                },
                TestContext.Current.CancellationToken));
        }

        Assert.Equal(ArchiveFault.Truncated, (await RefusedAsync(target.ToArray())).Fault);
    }

    private static byte[] BytesOf(byte[] archive, ArchivePart part) => archive[(int)part.Offset..(int)(part.Offset + part.StoredSize)];

    private static async Task<ArchiveException> RefusedAsync(byte[] archive, ArchiveSecret? secret = null)
    {
        var refused = await Assert.ThrowsAsync<ArchiveException>(() => SampleArchive.VerifyAsync(archive, secret));
        Assert.NotEmpty(refused.Part);
        Assert.Contains(refused.Part, refused.Fault is ArchiveFault.Damaged or ArchiveFault.Truncated ? refused.Message : refused.Part, StringComparison.Ordinal);
        return refused;
    }
}
