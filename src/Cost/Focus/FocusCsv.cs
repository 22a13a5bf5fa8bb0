using System.Text;

namespace Fleet.Cost.Focus;

/// <summary>
/// Tables as CSV (RFC 4180): nothing between two commas is null, and a pair of quotation marks is an empty text. Pure.
/// </summary>
public static class FocusCsv
{
    /// <summary>Characters of a field.</summary>
    public const int LongestField = 100_000;

    public static void Write(TextWriter writer, FocusTable table)
    {
        WriteRow(writer, table.Columns);
        foreach (var row in table.Rows)
            WriteRow(writer, row);
    }

    /// <summary>All of it in memory.</summary>
    /// <exception cref="CostQueryException">It is no CSV, or a larger one.</exception>
    public static FocusTable Read(TextReader reader, int mostRows)
    {
        var reading = Open(reader);
        var read = new List<IReadOnlyList<string?>>();
        foreach (var row in reading.Rows)
            read.Add(read.Count < mostRows ? row.Fields : throw new CostQueryException($"the file has more than {mostRows} rows"));
        return new(reading.Header.Names, read);
    }

    /// <summary>Row by row.</summary>
    /// <exception cref="CostQueryException">It has no header.</exception>
    public static FocusReading Open(TextReader reader)
    {
        var rows = Rows(reader).GetEnumerator();
        if (!rows.MoveNext())
            throw new CostQueryException("the file has no header");
        var header = new FocusHeader(rows.Current.Select(name => name ?? ""));
        return new(header, Rest());

        IEnumerable<FocusRow> Rest()
        {
            for (var row = 1; rows.MoveNext(); row++)
                yield return rows.Current.Count == header.Names.Count
                    ? new(header, rows.Current)
                    : throw new CostQueryException($"row {row} has {rows.Current.Count} fields, and the header {header.Names.Count}");
        }
    }

    public static void WriteRow(TextWriter writer, IEnumerable<string?> fields)
    {
        var isFirst = true;
        foreach (var field in fields)
        {
            if (!isFirst)
                writer.Write(',');
            isFirst = false;
            if (field is null)
                continue;
            writer.Write(field.Length == 0 || field.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field);
        }
        writer.Write("\r\n");
    }

    private static IEnumerable<List<string?>> Rows(TextReader reader)
    {
        while (reader.Peek() >= 0)
        {
            var row = new List<string?>();
            do
                row.Add(Field(reader));
            while (Take(reader, ','));
            if (!Take(reader, '\n') && !(Take(reader, '\r') && (Take(reader, '\n') || true)) && reader.Peek() >= 0)
                throw new CostQueryException($"a field goes on after its closing quotation mark: {CostQueryException.Quote(row[^1] ?? "")}");
            yield return row;
        }
    }

    private static string? Field(TextReader reader)
    {
        var text = new StringBuilder();
        if (!Take(reader, '"'))
        {
            while (reader.Peek() is >= 0 and not (',' or '\r' or '\n'))
                Append(text, reader.Read());
            return text.Length == 0 ? null : text.ToString();
        }
        while (true)
        {
            var letter = reader.Read();
            if (letter < 0)
                throw new CostQueryException("a quotation mark is never closed");
            if (letter != '"')
                Append(text, letter);
            else if (Take(reader, '"'))
                Append(text, '"');
            else
                return text.ToString();
        }
    }

    private static void Append(StringBuilder text, int letter)
    {
        if (text.Length == LongestField)
            throw new CostQueryException($"a field has more than {LongestField} characters");
        text.Append((char)letter);
    }

    private static bool Take(TextReader reader, char letter)
    {
        if (reader.Peek() != letter)
            return false;
        reader.Read();
        return true;
    }
}
