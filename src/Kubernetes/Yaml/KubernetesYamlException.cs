namespace Fleet.Kubernetes.Yaml;

/// <summary>YAML that cannot be read. Line and column count from 1, as does the document; the text of the input is never in the message.</summary>
public sealed class KubernetesYamlException(string problem, int document, long line, long column, Exception? inner = null)
    : FormatException($"YAML document {document}, line {line}, column {column}: {problem}", inner)
{
    public string Problem { get; } = problem;
    public int Document { get; } = document;
    public long Line { get; } = line;
    public long Column { get; } = column;
}
