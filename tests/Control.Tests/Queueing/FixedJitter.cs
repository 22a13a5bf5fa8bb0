using Fleet.Control.Queueing;

namespace Fleet.Control.Tests.Queueing;

internal sealed class FixedJitter(double value) : IJitterSource
{
    public double Next() => value;
}
