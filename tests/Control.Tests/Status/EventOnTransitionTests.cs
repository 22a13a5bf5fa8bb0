using Fleet.Contracts.Conditions;
using Fleet.Control.Status;
using Fleet.Control.Tests.Scripted;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Events;
using Condition = Fleet.Contracts.Conditions.Condition;

namespace Fleet.Control.Tests.Status;

public sealed class EventOnTransitionTests
{
    private static readonly ConditionType Ready = new("Ready");
    private static readonly ConditionType Unheard = new("Unheard");
    private static readonly Reason Good = new("Good");
    private static readonly Reason Bad = new("Bad");
    private static readonly ObjectReference Regarding = new() { Kind = "Thing", Name = "a", Namespace = "b", Uid = "u" };

    public sealed record Case(string Name, Condition[]? Before, Condition[] After, string? Expected)
    {
        public override string ToString() => Name;
    }

    public static TheoryData<Case> Cases =>
    [
        new Case("what stays says nothing", [Condition.True(Ready, Good)], [Condition.True(Ready, Good, "another text")], null),
        new Case("another status tells", [Condition.True(Ready, Good)], [Condition.False(Ready, Bad, "why")], "Warning Bad Ready: why"),
        new Case("another reason tells", [Condition.True(Ready, Bad)], [Condition.True(Ready, Good, "now")], "Normal Good Ready: now"),
        new Case("new and known tells", null, [Condition.True(Ready, Good, "first")], "Normal Good Ready: first"),
        new Case("new and unknown says nothing", null, [Condition.Unknown(Ready, Bad, "")], null),
        new Case("from known to unknown tells", [Condition.True(Ready, Good)], [Condition.Unknown(Ready, Bad, "lost")], "Normal Bad Ready: lost"),
        new Case("others are not listened to", null, [Condition.True(Unheard, Good)], null),
        new Case("what has gone says nothing", [Condition.True(Ready, Good)], [], null),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Conditions(Case c) =>
        Assert.Equal(c.Expected, (await ToldAsync(t => t.Conditions(Regarding, c.Before, c.After, Ready))).SingleOrDefault());

    [Theory]
    [InlineData(null, "Pending", true, "Normal ServicePending Reconcile: note")]
    [InlineData("Pending", "Failed", false, "Warning ServiceFailed Reconcile: note")]
    [InlineData("Failed", "Failed", false, null)]
    public async Task A_state_tells_only_when_it_changes(string? before, string after, bool isGood, string? expected) =>
        Assert.Equal(expected, (await ToldAsync(t => t.State(Regarding, before, after, isGood, "Service", "note"))).SingleOrDefault());

    private static async Task<List<string>> ToldAsync(Action<EventOnTransition> act)
    {
        var told = new List<string>();
        var events = new ScriptedResource<Event>
        {
            OnCreate = e =>
            {
                told.Add($"{e.Type} {e.Reason} {e.Action}: {e.Note}");
                return e;
            },
        };
        // Disposing it writes what is queued.
        await using (var recorder = new EventRecorder(events, new() { Controller = "test", Instance = "test" }))
            act(new EventOnTransition(recorder));
        return told;
    }
}
