using System.Text.Json.Nodes;
using Fleet.Helm.Errors;

namespace Fleet.Helm.Rendering;

/// <summary>
/// Go templates with sprig and helm's functions, rendered by helm itself. Inside a text both <c>.</c> and <c>$</c> are the context;
/// <c>getResource "id"</c> reads <c>Resources.id</c> of the context.
/// </summary>
public interface ITemplateRenderer
{
    /// <summary>
    /// One result per text, in order. A text that fails does not fail the others. Texts without <c>{{</c> never start a process.
    /// Throws <see cref="HelmException"/> only when helm itself cannot run.
    /// </summary>
    Task<IReadOnlyList<RenderResult>> RenderAsync(IReadOnlyList<RenderText> texts, CancellationToken ct);
}

/// <summary>A text and what <c>.</c> is in it. Many texts may share one context object; it is written once.</summary>
public sealed record RenderText(string Text, JsonObject Context);

/// <summary>Either <see cref="Text"/> or <see cref="Error"/>.</summary>
public sealed record RenderResult
{
    public string? Text { get; private init; }
    public string? Error { get; private init; }

    public static RenderResult Rendered(string text) => new() { Text = text };
    public static RenderResult Failed(string error) => new() { Error = error };
}
