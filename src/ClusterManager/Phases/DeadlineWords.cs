namespace Fleet.ClusterManager.Phases;

/// <summary>Deadlines in words for messages. Pure.</summary>
internal static class DeadlineWords
{
    public static string Of(TimeSpan time) =>
        time.TotalMinutes < 1 ? $"{time.TotalSeconds:0.#} s" : time.TotalHours < 2 ? $"{time.TotalMinutes:0.#} min" : $"{time.TotalHours:0.#} h";
}
