using System.Security.Cryptography;
using Fleet.Backup.Archives;

namespace Fleet.Backup.Targets;

/// <summary>One backup on its way into a bucket: up to one part it is a single PUT, above that a multipart upload with one part under way while the next fills.</summary>
internal sealed class BucketUpload : IBackupUpload
{
    /// <summary>10,000 parts are the most: 160 GB.</summary>
    internal const int PartBytes = 16 * 1024 * 1024;

    private readonly BucketTarget target;
    private readonly BackupName name;
    private readonly PartBuffer buffer;
    private readonly List<string> parts = [];
    private Task<string>? underWay;
    private string? upload;
    private bool claimed;
    private bool committed;

    public BucketUpload(BucketTarget target, BackupName name)
    {
        (this.target, this.name) = (target, name);
        buffer = new(SendAsync);
    }

    public Stream Content => buffer;

    public async Task CommitAsync(CancellationToken ct)
    {
        var rest = buffer.Rest();
        if (upload is null)
        {
            await target.PutAsync(name, rest, ct);
        }
        else
        {
            await SettleAsync();
            if (rest.Length > 0)
                parts.Add(await target.UploadPartAsync(name, upload, parts.Count + 1, rest, ct));
            await target.CompleteAsync(name, upload, parts, ct);
        }

        committed = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (underWay is not null)
            await ((Task)underWay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            if (!committed && upload is not null)
                await target.AbortAsync(name, upload);
            if (claimed)
                await target.ReleaseAsync(name);
        }
        catch (BackupTargetException)
        {
            // The bucket is away: its life-cycle rule for unfinished uploads clears up, and the claim names its name alone.
        }
    }

    /// <summary>Servers with object lock want it; it is no protection, GCM and SHA-256 are.</summary>
    internal static string Md5(MemoryStream content)
    {
#pragma warning disable CA5351
        return Convert.ToBase64String(MD5.HashData(content.GetBuffer().AsSpan(0, (int)content.Length)));
#pragma warning restore CA5351
    }

    private async Task SendAsync(MemoryStream part, CancellationToken ct)
    {
        if (upload is null)
        {
            await target.ClaimAsync(name, ct);
            claimed = true;
            upload = await target.InitiateAsync(name, ct);
        }

        await SettleAsync();
        underWay = target.UploadPartAsync(name, upload, parts.Count + 1, part, ct);
    }

    private async Task SettleAsync()
    {
        if (underWay is not { } sent)
            return;
        underWay = null;
        parts.Add(await sent);
    }

    /// <summary>Two buffers in turn.</summary>
    private sealed class PartBuffer(Func<MemoryStream, CancellationToken, Task> send) : WriteOnlyStream
    {
        private MemoryStream filling = new();
        private MemoryStream spare = new();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken ct = default)
        {
            while (content.Length > 0)
            {
                var taken = (int)Math.Min(content.Length, PartBytes - filling.Length);
                filling.Write(content.Span[..taken]);
                content = content[taken..];
                if (filling.Length == PartBytes)
                    await SendFullAsync(ct);
            }
        }

        public MemoryStream Rest()
        {
            filling.Position = 0;
            return filling;
        }

        private async Task SendFullAsync(CancellationToken ct)
        {
            var full = filling;
            full.Position = 0;
            await send(full, ct);
            // Sending has waited for the part before this one: its buffer is free.
            (filling, spare) = (spare, full);
            filling.SetLength(0);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                filling.Dispose();
                spare.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
