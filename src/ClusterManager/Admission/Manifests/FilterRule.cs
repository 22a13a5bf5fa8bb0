using Fleet.Cost.Filters;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>Filters of costs inside of manifests.</summary>
internal static class FilterRule
{
    /// <summary>Why it is no filter, with the position; null when it is one. Nothing at all lets everything through.</summary>
    public static string? ProblemOf(string? filter)
    {
        try
        {
            FilterParser.Parse(filter ?? "");
            return null;
        }
        catch (FilterException e)
        {
            return e.Message;
        }
    }
}
