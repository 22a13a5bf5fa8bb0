using System.Security.Cryptography;
using Fleet.Backup.Archives;

namespace Fleet.Backup.Targets;

/// <summary>One backup on its way into a bucket: up to one part it is a single PUT, above that a multipart upload with one part under way while the next fills.</summary>
internal sealed class BucketUpload : IBackupUpload
{
    internal const int PartBytes = 16 * 1024 * 1024;

    private readonly BucketTarget target;
    private readonly BackupName name;
    private readonly PartBuffer buffer;
    private readonly string writer = Guid.NewGuid().ToString("N");
    private readonly List<string> parts = [];
    private Task<string>? underWay;
    private string? upload;
    private Claim claim;
    private bool disposed;

    public BucketUpload(BucketTarget target, BackupName name)
    {
        (this.target, this.name) = (target, name);
        buffer = new(target.PartBytes, SendAsync);
    }

    private enum Claim { None, Asked, Held }

    public Stream Content => buffer;

    public string? LeftBehind { get; private set; }

    public async Task CommitAsync(CancellationToken ct)
    {
        var rest = buffer.Rest();
        if (upload is null)
        {
            await target.PutAsync(name, rest, writer, ct);
        }
        else
        {
            await SettleAsync();
            if (rest.Length > 0)
                parts.Add(await target.UploadPartAsync(name, upload, parts.Count + 1, rest, ct));
            await target.CompleteAsync(name, upload, parts, writer, ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed)
            return;
        disposed = true;
        if (underWay is not null)
            await ((Task)underWay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // The name was asked for and is not known to be ours: what is behind it may be another writer's.
        if (claim == Claim.None)
            return;
        try
        {
            // Also after a success: a first answer that was lost has left another upload of this name.
            if (claim == Claim.Held)
            {
                await target.AbortAsync(name);
                await target.ReleaseAsync(name);
            }
        }
        catch (BackupTargetException)
        {
            claim = Claim.Asked;
        }

        if (claim == Claim.Asked)
            LeftBehind = $"What it has sent of {name} may still be in {target.Shown} and takes up its name; `fleet backup delete {name}` takes it away.";
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
            claim = Claim.Asked;
            try
            {
                await target.ClaimAsync(name, writer, ct);
            }
            catch (BackupTargetException e) when (e.Fault == BackupTargetFault.Taken)
            {
                claim = Claim.None;
                throw;
            }

            claim = Claim.Held;
            if (await target.IsThereAsync(name, ct))
                throw target.Taken(name);
            upload = await target.InitiateAsync(name, writer, ct);
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

    /// <summary>Two buffers in turn, made at their size: one that grows leaves as much again behind, and pages that were never written to cost nothing.</summary>
    private sealed class PartBuffer(int size, Func<MemoryStream, CancellationToken, Task> send) : WriteOnlyStream
    {
        private MemoryStream filling = new(size);
        private MemoryStream spare = new(size);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken ct = default)
        {
            while (content.Length > 0)
            {
                var taken = (int)Math.Min(content.Length, size - filling.Length);
                filling.Write(content.Span[..taken]);
                content = content[taken..];
                if (filling.Length == size)
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
