using Fleet.Helm.Errors;

namespace Fleet.Helm.Rendering;

/// <summary>
/// Renders for many clusters in one process: whoever asks while helm renders waits for it to end, and is rendered together with all others who wait. The
/// first one never waits, so one alone is as fast as without this.
/// </summary>
internal sealed class GatheredRenderer(ITemplateRenderer helm) : ITemplateRenderer
{
    /// <summary>With contexts of some 50 KiB each, as clusters have them, a process stays below a few MiB of values.</summary>
    internal const int MostTexts = 64;

    private readonly Lock gate = new();
    private readonly LinkedList<Request> waiting = new();
    private bool isRunning;

    public async Task<IReadOnlyList<RenderResult>> RenderAsync(IReadOnlyList<RenderText> texts, CancellationToken ct)
    {
        if (!texts.Any(text => text.Text.Contains("{{", StringComparison.Ordinal)))
            return [.. texts.Select(text => RenderResult.Rendered(text.Text))];
        var request = new Request(texts, ct);
        lock (gate)
        {
            waiting.AddLast(request);
            if (!isRunning)
            {
                isRunning = true;
                _ = Task.Run(RunAsync, CancellationToken.None);
            }
        }

        // Whoever gives up leaves; the process goes on for the others, and ends by its own time limit.
        return await request.Answer.Task.WaitAsync(ct);
    }

    private async Task RunAsync()
    {
        while (Take() is { Count: > 0 } together)
        {
            try
            {
                await RenderAsync(together);
            }
            catch (HelmException) when (together.Count > 1)
            {
                // Too much output, or time: somebody's text is to blame, and the others shall not suffer.
                foreach (var one in together)
                    await AloneAsync(one);
            }
            catch (Exception e)
            {
                foreach (var one in together)
                    one.Answer.TrySetException(e);
            }
        }
    }

    private List<Request> Take()
    {
        lock (gate)
        {
            var taken = new List<Request>();
            var texts = 0;
            while (waiting.First is { Value: var next } && (taken.Count == 0 || texts + next.Texts.Count <= MostTexts))
            {
                waiting.RemoveFirst();
                if (next.Left.IsCancellationRequested)
                    continue;
                taken.Add(next);
                texts += next.Texts.Count;
            }

            isRunning = taken.Count > 0;
            return taken;
        }
    }

    private async Task AloneAsync(Request one)
    {
        try
        {
            await RenderAsync([one]);
        }
        catch (Exception e)
        {
            one.Answer.TrySetException(e);
        }
    }

    private async Task RenderAsync(IReadOnlyList<Request> together)
    {
        var results = await helm.RenderAsync([.. together.SelectMany(one => one.Texts)], CancellationToken.None);
        var next = 0;
        foreach (var one in together)
        {
            one.Answer.TrySetResult([.. results.Skip(next).Take(one.Texts.Count)]);
            next += one.Texts.Count;
        }
    }

    private sealed record Request(IReadOnlyList<RenderText> Texts, CancellationToken Left)
    {
        public TaskCompletionSource<IReadOnlyList<RenderResult>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
