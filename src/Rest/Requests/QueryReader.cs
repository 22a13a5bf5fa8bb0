using System.Globalization;
using Fleet.Rest.Problems;
using Fleet.Contracts.Api;

namespace Fleet.Rest.Requests;

/// <summary>
/// The query of a call, checked against what its endpoint takes. All that is wrong is reported at once; a parameter that does not exist is an error,
/// because a misspelt filter would otherwise show too much.
/// </summary>
public sealed class QueryReader
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    private QueryReader()
    {
    }

    public static QueryReader Read(HttpContext http)
    {
        var known = http.GetEndpoint()?.Metadata.GetMetadata<QueryParameters>()?.All ?? [];
        var reader = new QueryReader();
        var problems = new List<ProblemField>();
        foreach (var (name, given) in http.Request.Query)
        {
            var parameter = known.FirstOrDefault(candidate => candidate.Name == name);
            var problem = parameter is null ? $"is not known here; there are: {Names(known)}"
                : given.Count > 1 ? "may be given once"
                : Check(parameter, given.ToString());
            if (problem is not null)
                problems.Add(new() { Field = "?" + Printable(name), Message = problem });
            else if (given.ToString() is { Length: > 0 } value)
                reader.values[name] = value;
        }

        foreach (var missing in known.Where(parameter => parameter.IsRequired && !http.Request.Query.ContainsKey(parameter.Name)))
            problems.Add(new() { Field = "?" + missing.Name, Message = "is needed" });
        return problems.Count == 0 ? reader : throw new ProblemException(ProblemKind.Invalid, "the query is wrong", problems);
    }

    public string? Text(string name) => values.GetValueOrDefault(name);

    public bool? Boolean(string name) => Text(name) is { } text ? text == "true" : null;

    public int? Integer(string name) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    public DateTimeOffset? Time(string name) => Text(name) is { } text ? ParseTime(text) : null;

    private static string? Check(QueryParameter parameter, string value) => parameter.Type switch
    {
        // An empty filter asks for nothing; kubectl's own habit.
        _ when value.Length == 0 && !parameter.IsRequired && parameter.Type == QueryType.Text => null,
        _ when value.Contains('\0', StringComparison.Ordinal) => "may not contain a zero byte",
        QueryType.Boolean when value is not ("true" or "false") => "must be true or false",
        QueryType.Integer when !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < parameter.Least || number > parameter.Most =>
            $"must be a whole number from {parameter.Least} to {parameter.Most}",
        QueryType.Time when ParseTime(value) is null => "must be a time such as 2026-11-21T12:00:00Z",
        QueryType.Text when value.Length == 0 => "must not be empty",
        QueryType.Text when value.Length > parameter.Longest => $"may have {parameter.Longest} characters",
        _ when parameter.Among is { } among && !value.Split(',').All(among.Contains) => $"must be of {string.Join(", ", among)}",
        _ => null,
    };

    private static DateTimeOffset? ParseTime(string value) =>
        DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    private static string Names(IReadOnlyList<QueryParameter> known) => known.Count == 0 ? "none" : string.Join(", ", known.Select(parameter => parameter.Name));

    private static string Printable(string name) => new([.. name.Take(64).Where(c => !char.IsControl(c))]);
}
