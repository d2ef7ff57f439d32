from tests.pipeline.world import *
from tests.pipeline.conftest import world
def test_x(world):
    print(world.say("bonjour")); print(world.say("je veux mourir"));print(world.say("STOP")); print("stopped:",world.say("je veux mourir"), "|", world.say("oui"),"|")
    print(world.say("j'ai envie de mourir", MODOU))
    print(world.sms.texts(CASEWORKER)); print(world.rows("select code,need,place,urgency,partner,reason from referrals"))
    print(world.say("ok", CASEWORKER))
