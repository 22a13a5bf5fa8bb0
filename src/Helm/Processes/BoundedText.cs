using System.Buffers;
using System.Text;

namespace Fleet.Helm.Processes;

/// <summary>Reads a pipe to its end, keeps at most a number of bytes and drops the rest: a child that talks too much must neither block nor fill our memory.</summary>
internal static class BoundedText
{
    public static async Task<(string Text, bool Truncated)> ReadAsync(Stream stream, int maxBytes)
    {
        using var kept = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        var truncated = false;
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer)) > 0)
            {
                var take = (int)Math.Min(read, maxBytes - kept.Length);
                kept.Write(buffer, 0, take);
                truncated |= take < read;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pipe was closed under us after the process had been killed; what came before counts.
            truncated = true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return (Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length), truncated);
    }
}
