using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Control.Audit;

/// <summary>
/// The audit as a file: a line of JSON that says where it begins, a line for each row, and a line with the head of the chain. A file that ends before that was cut off.
/// </summary>
public static class AuditLines
{
    public const string Format = "fleet-audit/1";

    public const string MediaType = "application/x-ndjson";

    public static string Begin(AuditPlace after) => JsonSerializer.Serialize(new AuditLine { Format = Format, After = after }, AuditLinesJson.Default.AuditLine);

    public static string Row(AuditRecord record) => JsonSerializer.Serialize(new AuditLine { Row = record }, AuditLinesJson.Default.AuditLine);

    public static string End(AuditPlace head) => JsonSerializer.Serialize(new AuditLine { Head = head }, AuditLinesJson.Default.AuditLine);

    /// <summary>Verifies such a file.</summary>
    /// <param name="expected">A place that is known from elsewhere, as an earlier export said: the file must have it.</param>
    /// <exception cref="FormatException">It is no export of an audit.</exception>
    public static async Task<AuditVerification> VerifyAsync(TextReader file, AuditPlace? expected, CancellationToken ct)
    {
        if (await LineAsync(file, 1, ct) is not { Format: Format, After: { } after })
            throw new FormatException($"the first line is not that of an export ({Format})");
        var verifier = new AuditVerifier(after);
        AuditPlace? head = null;
        var isMet = expected is null || expected == after;
        for (long number = 2; await LineAsync(file, number, ct) is { } line; number++)
        {
            if (head is not null)
                throw new FormatException($"line {number} comes after the head of the chain");
            head = line.Head;
            if (line.Row is not { } row)
                continue;
            verifier.Read(row);
            isMet |= expected is not null && row.Sequence == expected.Sequence && row.Hash == expected.Hash;
        }

        verifier.Finish(head);
        var findings = verifier.Findings.ToList();
        if (head is null)
            findings.Add(new(verifier.Last.Sequence, null, "missing", "the file ends before the head of the chain: it was cut off"));
        if (!isMet)
            findings.Add(new(expected!.Sequence, null, "head", $"row {expected.Sequence} is not the one that was expected: the chain was made anew"));
        return new(after, verifier.Last, verifier.Rows, findings);
    }

    private static async Task<AuditLine?> LineAsync(TextReader file, long number, CancellationToken ct)
    {
        try
        {
            return await file.ReadLineAsync(ct) is { } text
                ? JsonSerializer.Deserialize(Encoding.UTF8.GetBytes(text), AuditLinesJson.Default.AuditLine) ?? throw new FormatException($"line {number} is empty")
                : null;
        }
        catch (JsonException)
        {
            throw new FormatException($"line {number} is no JSON of an export");
        }
    }
}

/// <summary>What came of it.</summary>
public sealed record AuditVerification(AuditPlace After, AuditPlace Head, long Rows, IReadOnlyList<AuditFinding> Findings);

/// <summary>One line of an export; one of its parts is set.</summary>
public sealed record AuditLine
{
    public string? Format { get; init; }
    public AuditPlace? After { get; init; }
    public AuditRecord? Row { get; init; }
    public AuditPlace? Head { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditLine))]
internal sealed partial class AuditLinesJson : JsonSerializerContext;
