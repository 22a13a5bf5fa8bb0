using Fleet.StateManager.Manifests;

namespace Fleet.StateManager.Tests.Manifests;

public sealed class KeptResultsTests
{
    private readonly KeptResults<string, string> kept = new(10, result => result.Length);
    private int made;

    [Fact]
    public async Task What_is_asked_for_twice_is_made_once()
    {
        var gate = new TaskCompletionSource();
        var both = Task.WhenAll(GetAsync("a", "1", gate.Task), GetAsync("a", "2", gate.Task));
        gate.SetResult();
        Assert.Equal(["1", "1"], await both);
        Assert.Equal("1", await GetAsync("a", "3"));
        Assert.Equal(1, made);
    }

    [Fact]
    public async Task The_least_recently_used_goes_when_it_is_full()
    {
        await GetAsync("a", "1234");
        await GetAsync("b", "1234");
        await GetAsync("a", "");
        await GetAsync("c", "1234");
        Assert.Equal("1234", await GetAsync("a", "new"));
        Assert.Equal("new", await GetAsync("b", "new"));
    }

    [Fact]
    public async Task One_that_is_larger_than_all_there_is_room_for_is_still_given()
    {
        Assert.Equal("123456789012", await GetAsync("a", "123456789012"));
        await GetAsync("b", "1");
        Assert.Equal("new", await GetAsync("a", "new"));
    }

    [Fact]
    public async Task A_failure_is_told_to_all_who_wait_and_tried_again_by_the_next()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => kept.GetAsync("a", () => throw new InvalidOperationException("no"), CancellationToken.None));
        Assert.Equal("1", await GetAsync("a", "1"));
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_nothing_from_the_others()
    {
        var gate = new TaskCompletionSource();
        using var stop = new CancellationTokenSource();
        var first = kept.GetAsync("a", async () => { await gate.Task; return "1"; }, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult();
        Assert.Equal("1", await GetAsync("a", "2"));
    }

    private Task<string> GetAsync(string key, string result, Task? after = null) => kept.GetAsync(
        key,
        async () =>
        {
            Interlocked.Increment(ref made);
            await (after ?? Task.CompletedTask);
            return result;
        },
        CancellationToken.None);
}
