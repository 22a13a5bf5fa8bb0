using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Fleet.Cost.Focus;

/// <summary>Rows as JSON lines: an object a line, decimals as numbers, what is missing as null. Pure.</summary>
public static class FocusJsonLines
{
    /// <summary>Characters of a row.</summary>
    public const int LongestLine = 1_000_000;

    private static readonly HashSet<string> Numbers = [.. FocusColumns.All.Where(column => column.Type == FocusType.Decimal).Select(column => column.Name)];
    private static readonly JsonDocumentOptions Shallow = new() { MaxDepth = 8 };

    /// <summary>Null columns are written too, so that every row says what the file has.</summary>
    public static void WriteRow(TextWriter writer, IReadOnlyList<string> columns, IReadOnlyList<string?> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            for (var index = 0; index < columns.Count; index++)
            {
                json.WritePropertyName(columns[index]);
                if (fields[index] is not { } value)
                    json.WriteNullValue();
                else if (Numbers.Contains(columns[index]))
                    json.WriteRawValue(value);
                else
                    json.WriteStringValue(value);
            }
            json.WriteEndObject();
        }
        writer.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        writer.Write('\n');
    }

    /// <summary>Row by row; empty lines are passed over.</summary>
    public static FocusReading Open(TextReader reader)
    {
        var header = new FocusHeader([]);
        return new(header, Rows(reader, header));
    }

    private static IEnumerable<FocusRow> Rows(TextReader reader, FocusHeader header)
    {
        for (var row = 1; Line(reader, row) is { } line;)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            yield return new(header, Fields(line, header, row));
            row++;
        }
    }

    private static string?[] Fields(string line, FocusHeader header, int row)
    {
        try
        {
            using var json = JsonDocument.Parse(line, Shallow);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw new CostQueryException($"row {row} is no JSON object");
            var fields = new List<string?>(new string?[header.Names.Count]);
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (!seen.Add(property.Name))
                    throw new CostQueryException($"row {row} has {CostQueryException.Quote(property.Name)} twice");
                var place = header.PlaceOf(property.Name);
                if (place < 0)
                {
                    place = header.Add(property.Name);
                    fields.Add(null);
                }
                fields[place] = property.Value.ValueKind switch
                {
                    JsonValueKind.Null => null,
                    JsonValueKind.String => property.Value.GetString(),
                    // Some writers nest what FOCUS has as text.
                    _ => property.Value.GetRawText(),
                };
            }
            return [.. fields];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Half a surrogate pair is an InvalidOperationException.
            throw new CostQueryException($"row {row} is no JSON object", e);
        }
    }

    /// <summary>Null at the end.</summary>
    private static string? Line(TextReader reader, int row)
    {
        var text = new StringBuilder();
        for (int letter; (letter = reader.Read()) >= 0;)
        {
            if (letter == '\n')
                return text.ToString();
            if (text.Length == LongestLine)
                throw new CostQueryException($"row {row} has more than {LongestLine} characters");
            text.Append((char)letter);
        }
        return text.Length > 0 ? text.ToString() : null;
    }
}
