namespace Fleet.Control.Status;

/// <summary>Times in status have whole seconds, as Kubernetes' own (<c>metav1.Time</c>): what is written must be what is read back.</summary>
public static class StatusTime
{
    public static DateTimeOffset Of(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), time.Offset);
}
