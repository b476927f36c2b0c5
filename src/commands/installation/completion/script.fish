# fish completion of publish-activity, printed by: publish-activity completion fish
# Nothing of the words here, and nothing that is typed, is ever evaluated.

# The words of a list.
function __publish_activity_list
    switch "$argv[1]"
        @lists
    end
end

# The words of a list that may stand in a place of their own: what looks like an option is one, unless -- stands before it.
function __publish_activity_words
    if contains -- -- (commandline -opc)
        __publish_activity_list $argv
    else
        __publish_activity_list $argv | string match --invert -- '-*'
    end
end

# The command that is typed, if one is, and how many words it has so far.
function __publish_activity_typed
    set -l tokens (commandline -opc)
    set -e tokens[1]
    set -l command
    set -l count 0
    set -l value no
    set -l dashes no
    for token in $tokens
        if test $value = yes
            set value no
            continue
        end
        if test $dashes = no
            switch $token
                case --
                    set dashes yes
                    continue
                @values
                    set value yes
                    continue
                case '-*'
                    continue
            end
        end
        if test -z "$command"
            switch $token
                @names
                    set command $token
                    continue
            end
            @initial
        end
        set count (math $count + 1)
    end
    printf '%s\n' "$command" $count
end

function __publish_activity_unnamed
    set -l typed (__publish_activity_typed)
    test -z "$typed[1]"
end

# Whether the command is one of these.
function __publish_activity_is
    set -l typed (__publish_activity_typed)
    if test -z "$typed[1]"
        set typed[1] (__publish_activity_initial)
    end
    contains -- $typed[1] $argv
end

# Whether it is one of these and has no word yet.
function __publish_activity_begins
    set -l typed (__publish_activity_typed)
    test "$typed[2]" = 0
    and __publish_activity_is $argv
end

function __publish_activity_initial
    set -l command
    @initial
    echo $command
end

complete -c publish-activity -e
complete -c publish-activity -f
@begin
@rules
@options
