using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Storage;

namespace Fleet.ControlPlane.Machinery;

/// <summary>How a requirement of a label selector compares.</summary>
internal enum LabelOperator { In, NotIn, Exists, Absent, Greater, Less }

/// <summary>A label selector in its string form: <c>a=b,c!=d,e in (f,g),h notin (i),j,!k</c>.</summary>
internal sealed class LabelSelector
{
    private const int MostOnBytes = 32;

    private readonly List<Requirement> requirements;

    private LabelSelector(List<Requirement> requirements) => this.requirements = requirements;

    public static LabelSelector Everything { get; } = new([]);

    public bool IsEverything => requirements.Count == 0;

    public static LabelSelector Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return Everything;
        var requirements = new List<Requirement>();
        foreach (var (key, op, values) in new LabelSelectorParser(text).Parse())
            requirements.Add(new(key, op, values));
        return new(requirements);
    }

    /// <summary>The object form, as in <c>spec.selector</c> of a Deployment.</summary>
    public static LabelSelector Parse(JsonObject? selector)
    {
        if (selector is null) return Everything;
        var requirements = new List<Requirement>();
        foreach (var (key, value) in selector["matchLabels"] as JsonObject ?? []) requirements.Add(new(key, LabelOperator.In, [value.Text() ?? ""]));
        foreach (var expression in selector["matchExpressions"] as JsonArray ?? [])
        {
            var values = (expression?["values"] as JsonArray ?? []).Select(v => v.Text() ?? "").ToArray();
            var op = expression?["operator"].Text() switch
            {
                "In" => LabelOperator.In,
                "NotIn" => LabelOperator.NotIn,
                "Exists" => LabelOperator.Exists,
                _ => LabelOperator.Absent,
            };
            requirements.Add(new(expression?["key"].Text() ?? "", op, values));
        }
        return new(requirements);
    }

    /// <summary>On marks, then on the bytes: a list with a selector asks every object of a namespace, nearly none of which matches.</summary>
    public bool Matches(StoredObject stored)
    {
        if (IsEverything) return true;
        foreach (var requirement in requirements)
        {
            if (!requirement.MayMatch(stored.LabelMarks)) return false;
        }
        if (requirements.Count > MostOnBytes) return Matches(LabelsOf(stored));
        var seen = 0u;
        var reader = StoredFields.At(stored, "metadata"u8, "labels"u8);
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var asked = 0u;
                for (var i = 0; i < requirements.Count; i++)
                {
                    if (reader.ValueTextEquals(requirements[i].KeyBytes)) asked |= 1u << i;
                }
                reader.Read();
                if (reader.TokenType != JsonTokenType.String)
                {
                    reader.Skip();
                    continue;
                }
                for (var i = 0; asked != 0 && i < requirements.Count; i++)
                {
                    if ((asked & (1u << i)) != 0 && !requirements[i].Matches(ref reader)) return false;
                }
                seen |= asked;
            }
        }
        for (var i = 0; i < requirements.Count; i++)
        {
            if ((seen & (1u << i)) == 0 && !requirements[i].MatchesAbsence) return false;
        }
        return true;
    }

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var requirement in requirements)
        {
            if (!requirement.Matches(labels)) return false;
        }
        return true;
    }

    public bool Matches(JsonObject? labels) =>
        IsEverything || Matches((labels ?? []).ToDictionary(l => l.Key, l => l.Value.Text() ?? "", StringComparer.Ordinal));

    public static Dictionary<string, string> LabelsOf(StoredObject stored)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = StoredFields.At(stored, "metadata"u8, "labels"u8);
        if (reader.TokenType != JsonTokenType.StartObject) return labels;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType == JsonTokenType.String) labels[key] = reader.GetString()!;
            else reader.Skip();
        }
        return labels;
    }

    private sealed record Requirement(string Key, LabelOperator Operator, string[] Values)
    {
        private readonly byte[][] valueBytes = [.. Values.Select(Encoding.UTF8.GetBytes)];

        private readonly ulong[] marks = [.. Values.Select(value => LabelMarks.Of(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes(value)))];

        public byte[] KeyBytes { get; } = Encoding.UTF8.GetBytes(Key);

        public bool MatchesAbsence => Operator is LabelOperator.NotIn or LabelOperator.Absent;

        /// <summary>False only when it does not match.</summary>
        public bool MayMatch(ulong labels)
        {
            if (Operator != LabelOperator.In) return true;
            foreach (var mark in marks)
            {
                if ((labels & mark) == mark) return true;
            }
            return false;
        }

        /// <summary>The reader is on the value of the label.</summary>
        public bool Matches(ref Utf8JsonReader value) => Operator switch
        {
            LabelOperator.In => IsOneOf(ref value),
            LabelOperator.NotIn => !IsOneOf(ref value),
            LabelOperator.Exists => true,
            LabelOperator.Absent => false,
            _ => Compares(value.GetString()!),
        };

        private bool IsOneOf(ref Utf8JsonReader value)
        {
            foreach (var wanted in valueBytes)
            {
                if (value.ValueTextEquals(wanted)) return true;
            }
            return false;
        }

        private bool Compares(string? value) =>
            long.TryParse(value, out var a) && long.TryParse(Values[0], out var b) && (Operator == LabelOperator.Greater ? a > b : a < b);

        public bool Matches(IReadOnlyDictionary<string, string> labels)
        {
            var present = labels.TryGetValue(Key, out var value);
            return Operator switch
            {
                LabelOperator.In => present && Values.Contains(value),
                LabelOperator.NotIn => !present || !Values.Contains(value),
                LabelOperator.Exists => present,
                LabelOperator.Absent => !present,
                _ => present && Compares(value),
            };
        }
    }
}
