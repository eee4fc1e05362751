from dashboard.wall.asked import WallAsked, read_wall_asked


def test_the_clock_decides_unless_the_screen_is_paused():
    assert read_wall_asked({"scene": "3"})[0].held is None
    assert read_wall_asked({"scene": "3", "paused": "1"})[0].held == 2
    assert read_wall_asked({"paused": "1"})[0].held == 0


def test_pausing_and_resuming_keep_the_programme():
    asked = WallAsked("周一例会")
    assert asked.holding(1) == WallAsked("周一例会", "2", "1")
    assert asked.holding(1).turning() == asked


def test_nonsense_in_the_address_is_named_and_left_out():
    asked, wrong = read_wall_asked({"programme": "x" * 30, "scene": "0", "paused": "yes", "embed": "true"})
    assert asked == WallAsked()
    assert wrong == ["programme=xxxxxxxxxxxxxxxxxxxx", "scene=0", "paused=yes"]
    assert read_wall_asked({"scene": "²"})[1] == ["scene=²"]
