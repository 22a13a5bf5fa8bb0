using Fleet.Helm.Errors;
using Fleet.Helm.Rendering;

namespace Fleet.Helm.Tests.Rendering;

public sealed class GatheredRendererTests
{
    private readonly Gate gate = new();

    [Fact]
    public async Task Who_asks_while_helm_renders_is_rendered_together_with_the_others()
    {
        var renderer = new GatheredRenderer(gate);
        var answers = new List<Task<IReadOnlyList<RenderResult>>> { renderer.RenderAsync(Texts("0"), default) };
        await gate.Entered();
        answers.AddRange(Enumerable.Range(1, 100).Select(i => renderer.RenderAsync(Texts($"{i}"), default)));
        gate.Open();
        var results = await Task.WhenAll(answers);
        Assert.Equal(Enumerable.Range(0, 101).Select(i => $"r{{{{{i}}}}}"), results.Select(result => Assert.Single(result).Text));
        Assert.Equal([1, GatheredRenderer.MostTexts, 100 - GatheredRenderer.MostTexts], gate.Runs);
    }

    [Fact]
    public async Task One_that_breaks_the_process_breaks_it_for_itself()
    {
        var renderer = new GatheredRenderer(gate);
        var first = renderer.RenderAsync(Texts("0"), default);
        await gate.Entered();
        var good = renderer.RenderAsync(Texts("1"), default);
        var bad = renderer.RenderAsync(Texts("bad"), default);
        gate.Open();
        await first;
        Assert.Equal("r{{1}}", Assert.Single(await good).Text);
        await Assert.ThrowsAsync<HelmException>(() => bad);
        Assert.Equal("r{{2}}", Assert.Single(await renderer.RenderAsync(Texts("2"), default)).Text);
    }

    [Fact]
    public async Task Who_gives_up_does_not_hold_up_the_others()
    {
        var renderer = new GatheredRenderer(gate);
        var first = renderer.RenderAsync(Texts("0"), default);
        await gate.Entered();
        using var given = new CancellationTokenSource();
        var gone = renderer.RenderAsync(Texts("1"), given.Token);
        var other = renderer.RenderAsync(Texts("2"), default);
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        gate.Open();
        await Task.WhenAll(first, other);
        Assert.Equal([1, 1], gate.Runs);
    }

    [Fact]
    public async Task A_text_that_is_no_template_waits_for_nobody()
    {
        var renderer = new GatheredRenderer(gate);
        _ = renderer.RenderAsync(Texts("0"), default);
        await gate.Entered();
        Assert.Equal("plain", Assert.Single(await renderer.RenderAsync([new("plain", [])], default)).Text);
        gate.Open();
    }

    private static IReadOnlyList<RenderText> Texts(string name) => [new($"{{{{{name}}}}}", [])];

    /// <summary>Stands for the process: closed until it is opened, once and for all.</summary>
    private sealed class Gate : ITemplateRenderer
    {
        private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<int> Runs { get; } = [];

        public Task Entered() => entered.Task;

        public void Open() => open.TrySetResult();

        public async Task<IReadOnlyList<RenderResult>> RenderAsync(IReadOnlyList<RenderText> texts, CancellationToken ct)
        {
            Runs.Add(texts.Count);
            entered.TrySetResult();
            await open.Task;
            return texts.Any(text => text.Text.Contains("bad", StringComparison.Ordinal))
                ? throw new HelmException(HelmErrorKind.RenderFailed, "too much")
                : [.. texts.Select(text => RenderResult.Rendered("r" + text.Text))];
        }
    }
}
