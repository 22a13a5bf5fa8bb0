using System.Text.Json;

namespace Fleet.Reliability.Tests.Laboratory;

/// <summary>A line of a replica's history. <c>What</c> is <c>try</c>, <c>done</c>, <c>refused</c> or <c>unknown</c>; <c>At</c> is in true Unix milliseconds.</summary>
internal sealed record WriteRecord(string Replica, int Process, string What, string Store, string Cluster, long Epoch, long Count, string? Version, string? Id = null, long At = 0)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static IEnumerable<WriteRecord> Read(string path)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        // The last line of a process that was killed, or is writing now, may not be whole.
        var text = reader.ReadToEnd();
        foreach (var line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            yield return JsonSerializer.Deserialize<WriteRecord>(line, Json)!;
    }
}
