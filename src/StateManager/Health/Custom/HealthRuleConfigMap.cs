using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Expressions;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Yaml;

namespace Fleet.StateManager.Health.Custom;

/// <summary>The rules of one ConfigMap, and what is wrong with those that are none. Equal when the text and the target are.</summary>
internal sealed class HealthRuleConfigMap : IEquatable<HealthRuleConfigMap>
{
    /// <summary>The key that holds the rules, as a YAML list.</summary>
    public const string RulesKey = "rules";

    private const int LongestText = 256 * 1024;
    private const int MostRules = 200;

    private static readonly YamlReadOptions Bounds = new() { MaxCharacters = LongestText, MaxDepth = 10, MaxNodes = 10_000, MaxAliasNodes = 1_000 };

    private readonly string text;

    private HealthRuleConfigMap(ObjectKey key, string target, string text)
    {
        (Key, Target, this.text) = (key, target, text);
        var rules = new List<HealthRule>();
        var faults = new List<string>();
        Read(rules, faults);
        (Rules, Faults) = (rules, faults);
    }

    public ObjectKey Key { get; }

    /// <summary>"global" or the name of an owner; the value of the label.</summary>
    public string Target { get; }

    public IReadOnlyList<HealthRule> Rules { get; }

    /// <summary>Each begins with the rule that it is about.</summary>
    public IReadOnlyList<string> Faults { get; }

    public static HealthRuleConfigMap Of(DynamicObject map) => new(
        map.Key,
        map.Metadata.Labels?.GetValueOrDefault(FleetLabels.HealthRuleTarget) ?? "",
        map.At("data", RulesKey) is JsonValue value && value.TryGetValue<string>(out var text) ? text : "");

    public bool Equals(HealthRuleConfigMap? other) => other is not null && Key == other.Key && Target == other.Target && text == other.text;

    public override bool Equals(object? obj) => Equals(obj as HealthRuleConfigMap);

    public override int GetHashCode() => Key.GetHashCode();

    private void Read(List<HealthRule> rules, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(text))
            return;
        JsonArray documents;
        try
        {
            if (KubernetesYaml.Parse(text, Bounds) is not JsonArray list)
            {
                faults.Add($"{Key}: {RulesKey} must be a list of rules");
                return;
            }
            documents = list;
        }
        catch (KubernetesYamlException e)
        {
            faults.Add($"{Key}: {RulesKey} cannot be read: {e.Message}");
            return;
        }
        if (documents.Count > MostRules)
            faults.Add($"{Key}: {documents.Count} rules are more than the {MostRules} that one ConfigMap may hold; the others are left out");
        for (var i = 0; i < Math.Min(documents.Count, MostRules); i++)
        {
            var source = $"{Key}#{i}";
            if (RuleOf(documents[i] as JsonObject, source, out var fault) is { } rule)
                rules.Add(rule);
            else
                faults.Add($"{source}: {fault}");
        }
    }

    private HealthRule? RuleOf(JsonObject? document, string source, out string fault)
    {
        string Text(string name) => document?[name] is JsonValue value && value.TryGetValue<string>(out var found) ? found : "";
        fault = document is null ? "a rule must have the fields group, version, kind, scope, healthy and message"
            : Text("kind").Length == 0 || Text("version").Length == 0 ? "kind and version are required"
            : Text("scope") is not ("Namespaced" or "Cluster") ? $"scope must be \"Namespaced\" or \"Cluster\", not \"{Text("scope")}\""
            : Fault("healthy", Text("healthy")) ?? Fault("message", Text("message")) ?? "";
        return fault.Length > 0
            ? null
            : new HealthRule(new GroupVersionKind(Text("group"), Text("version"), Text("kind")), Text("scope") == "Namespaced", Text("healthy"), Text("message"), Target, source);
    }

    private static string? Fault(string field, string expression)
    {
        if (string.IsNullOrWhiteSpace(expression))
            return $"{field} is required";
        try
        {
            CelProgram.Compile(expression, HealthRule.Variable);
            return null;
        }
        catch (CelException e)
        {
            return $"{field}: {e.Message.ReplaceLineEndings(" ")}";
        }
    }
}
