using System.Globalization;
using Fleet.ClusterManager.Phases;

namespace Fleet.ClusterManager.Deletion;

/// <param name="Fleet">ClusterDeployments that exist.</param>
/// <param name="Begun">Deletions that were let begin within the window, finished ones included.</param>
/// <param name="Held">Other clusters that are held already: the breaker is open.</param>
internal readonly record struct BreakerView(int Fleet, int Begun, int Held);

/// <summary>Whether one more deletion may begin. Pure.</summary>
internal sealed record BreakerDecision(bool MayBegin, string Message)
{
    public static BreakerDecision Of(BreakerView view, BreakerOptions options, bool hasBegun)
    {
        var allowed = Allowed(view.Fleet + view.Begun, options);
        if (hasBegun || (view.Held == 0 && view.Begun < allowed))
            return new(true, "");
        var share = (options.Share * 100).ToString("0.#", CultureInfo.InvariantCulture);
        return new(
            false,
            $"held: more than {allowed} clusters ({share} % of the fleet) would be deleted within {DeadlineWords.Of(options.Window)}. Nothing of this one has been touched; `fleet breaker reset` lets the held ones go");
    }

    /// <summary>Those that have gone within the window still count as the fleet, so that its end is not the easiest to delete.</summary>
    public static int Allowed(int fleet, BreakerOptions options) => Math.Max(options.AtLeast, (int)Math.Floor(options.Share * fleet));
}
