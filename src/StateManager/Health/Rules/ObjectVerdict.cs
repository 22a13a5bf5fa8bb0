using Fleet.Control.Health;

namespace Fleet.StateManager.Health.Rules;

/// <summary>What a rule says about one object. <see cref="Why"/> is empty when there is nothing to say; it never holds the object's name.</summary>
internal readonly record struct ObjectVerdict(WorkloadVerdict Verdict, string Why)
{
    public static ObjectVerdict Healthy { get; } = new(WorkloadVerdict.Healthy, "");

    public static ObjectVerdict Suspended(string why) => new(WorkloadVerdict.Suspended, why);

    public static ObjectVerdict Running(string why) => new(WorkloadVerdict.Running, why);

    public static ObjectVerdict Unknown(string why) => new(WorkloadVerdict.Unknown, why);

    public static ObjectVerdict Progressing(string why) => new(WorkloadVerdict.Progressing, why);

    public static ObjectVerdict Failed(string why) => new(WorkloadVerdict.Failed, why);
}
